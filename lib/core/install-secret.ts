import type { Installation } from './handshake.ts';
import type { HandshakeAnswer } from './handshake-reply.ts';
import type { Unavailable } from './ingest-outcome.ts';
import type { SecretInstaller, Secrets } from './ports.ts';
import { type Rejection, rejected } from './rejection.ts';
import { equalTexts } from './scheme.ts';
import type { SourceSecrets } from './secret.ts';
import type { Source } from './source.ts';
import { withSecrets } from './with-secrets.ts';

/**
 * What becomes of a set-up request that brings a signing secret, in a source that is in set-up. It is stored if there is none; the
 * answer goes out only then. The same one again is answered again: the first answer may have been lost.
 * @throws only on a bug.
 */
export function installSecret(
  source: Source,
  { secrets, installer }: { readonly secrets: Secrets; readonly installer: SecretInstaller },
  { secret, answer }: Installation,
): Promise<HandshakeAnswer | Installed | Rejection | Unavailable> {
  return withSecrets(source, secrets, async (known) => {
    if (known.signing.length > 0) return isAmong(known, secret) ? answer : STORED_BEFORE;
    const outcome = await installer.install(source, secret);
    return outcome === 'installed' ? { kind: 'installed', answer } : STORED_BEFORE;
  });
}

export interface Installed {
  readonly kind: 'installed';
  readonly answer: HandshakeAnswer;
}

/** With this reason the secrets are read again: by now it may be this one, or none. */
const STORED_BEFORE: Rejection = rejected(
  'wrong-signature',
  'a set-up request brings a secret, and another one is stored, which is never replaced: if that is not the right one, store {} in its place, and make the webhook again',
);

function isAmong({ signing }: SourceSecrets, text: string): boolean {
  return signing.some(({ secret }) => equalTexts(secret, text));
}
