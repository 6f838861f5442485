import { createHmac } from 'node:crypto';
import type { Scheme } from '../provider.ts';
import type { SourceSecrets } from '../secret.ts';
import { keyOf } from './key.ts';
import { singleSchemes } from './proof-places.ts';

/**
 * A text's MAC as the scheme would write it, by the first secret that is a key of it; undefined when there is none, or the scheme has
 * no MAC. Whoever gets it must not be able to choose a text that could be a delivery: see `Handshake.mac`.
 */
export function macOf(scheme: Scheme, signing: SourceSecrets['signing'], text: string): string | undefined {
  const versions = singleSchemes(scheme).flatMap((one) => (one.kind === 'signature' ? one.versions : []));
  for (const { secret } of signing) {
    for (const version of versions) {
      const key = keyOf(version, secret);
      if (key?.kind === 'mac') return createHmac(key.hash, key.secret).update(text).digest(version.encoding);
    }
  }
  return undefined;
}
