import { type Unavailable, unavailable } from './ingest-outcome.ts';
import type { Secrets } from './ports.ts';
import type { Rejection } from './rejection.ts';
import type { Verified } from './scheme.ts';
import type { SourceSecrets } from './secret.ts';
import type { Source } from './source.ts';

/**
 * Asks with the secrets at hand, and once more with newer ones when those do not fit.
 * @throws only on a bug.
 */
export async function withSecrets<Answer extends { readonly kind: string } | undefined>(
  source: Source,
  secrets: Secrets,
  ask: (secrets: SourceSecrets) => Promise<Answer | Rejection> | Answer | Rejection,
): Promise<Answer | Rejection | Unavailable> {
  try {
    const known = await secrets.read(source);
    const first = await ask(known);
    if (!isMismatch(first)) return first;
    const newer = await secrets.refresh(source, known);
    return newer === undefined ? first : await ask(newer);
  } catch (error) {
    return unavailable(error);
  }
}

/** Also where only items of a body did not fit: they are lost if their secret is a new one. */
function isMismatch(answer: { readonly kind: string } | undefined): boolean {
  const { reason, verified } = (answer ?? {}) as Partial<Rejection> & { readonly verified?: Verified };
  return reason === 'wrong-signature' || reason === 'no-secret' || (verified?.dropped ?? 0) > 0;
}
