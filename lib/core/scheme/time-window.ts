import { timeOf } from '../instant.ts';
import type { TimestampRule } from '../provider.ts';
import { type Rejection, rejected } from '../rejection.ts';
import type { Request } from '../request.ts';

/**
 * Refuses a signed time that is too far from when the gateway received the request. Inclusive on both sides, in the provider's own
 * unit: 300 s of age pass, 301 do not.
 * @param sent what fits the unit's form: digits, or RFC 3339.
 * @example outsideWindow({ unit: 's', toleranceSeconds: 300 }, '1795514400', request) // undefined
 */
export function outsideWindow(
  { unit, toleranceSeconds }: TimestampRule,
  sent: string,
  { receivedAt }: Pick<Request, 'receivedAt'>,
): Rejection | undefined {
  const perSecond = unit === 's' ? 1 : 1000;
  const signed = unit === 'iso' ? timeOf(sent, 'iso') : Number(sent);
  if (signed === undefined) return rejected('malformed-timestamp', 'the signed time is in no calendar');
  const age = (Math.floor((receivedAt * perSecond) / 1000) - signed) / perSecond;
  if (Math.abs(age) <= toleranceSeconds) return undefined;
  return age > 0
    ? rejected('stale-timestamp', `signed ${age} s before it was received; ${toleranceSeconds} s are allowed`)
    : rejected(
        'future-timestamp',
        `signed ${-age} s after it was received; ${toleranceSeconds} s are allowed`,
      );
}
