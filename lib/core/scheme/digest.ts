import { hash, timingSafeEqual } from 'node:crypto';
import type { Digest } from '../event.ts';

/** @example sha256(request.body) // 'e3b0c442…', 64 hex digits */
export function sha256(bytes: Buffer | string): Digest {
  return hash('sha256', bytes, 'hex') as Digest;
}

/** Whether two texts are equal, in a time that depends on neither: both are hashed first, so that not even the length shows. */
export function equalTexts(one: string, other: string): boolean {
  return timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'));
}
