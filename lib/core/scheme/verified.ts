import type { Request } from '../request.ts';
import type { SecretAge } from '../secret.ts';

declare const proved: unique symbol;

/** A request whose signature and time passed. Only `verify` makes one, and only this is ever parsed. */
export interface Verified {
  /** As it came, but without the headers of other families: those were not looked at, so nothing downstream may read them. */
  readonly request: Request;
  readonly by: 'signature';
  readonly age: SecretAge;
  readonly [proved]: true;
}

/** Not for use outside `verify`. */
export function markVerified(request: Request, age: SecretAge): Verified {
  return { request, by: 'signature', age } as Verified;
}
