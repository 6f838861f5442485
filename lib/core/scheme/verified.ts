import type { Request } from '../request.ts';
import type { SecretAge } from '../secret.ts';

declare const proved: unique symbol;

/** A request whose signature and time passed. Only `verify` makes one, and only this is ever parsed. */
export interface Verified {
  /** As it came, but without what the proof says nothing of: the headers of other families, items of a body that each prove themselves. */
  readonly request: Request;
  readonly by: 'signature';
  readonly age: SecretAge;
  /** How many items of the body were not proved, and so are no part of the request. */
  readonly dropped: number;
  readonly [proved]: true;
}

/** Not for use outside `verify`. */
export function markVerified(request: Request, age: SecretAge, dropped = 0): Verified {
  return { request, by: 'signature', age, dropped } as Verified;
}
