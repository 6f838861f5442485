import type { RateLimitHeaders } from '../provider-api.ts';
import { type EpochMs, type Headers, header } from '../request.ts';

/** However long a provider asks us to wait, after so many seconds it is asked again. */
export const LONGEST_WAIT_SECONDS = 3_600;

/** Where a provider says that there were too many requests and not for how long. GitHub asks for a minute at least. */
export const USUAL_WAIT_SECONDS = 60;

/**
 * For how many seconds an answer asks to be left alone, by `Retry-After` (RFC 9110, 10.2.3: seconds or a date) and by the provider's
 * rate-limit headers, whichever is longer; undefined when it does not.
 * @example waitAskedFor({ 'retry-after': '120' }, undefined, now) // 120
 */
export function waitAskedFor(
  headers: Headers,
  limits: RateLimitHeaders | undefined,
  now: EpochMs,
): number | undefined {
  const waits = [retryAfter(header(headers, 'retry-after'), now), limitReset(headers, limits, now)];
  const asked = waits.filter((seconds) => seconds !== undefined);
  if (asked.length === 0) return undefined;
  return Math.min(LONGEST_WAIT_SECONDS, Math.max(0, ...asked.map((seconds) => Math.ceil(seconds))));
}

const SECONDS = /^\d{1,12}(\.\d{1,9})?$/;

/** The form that senders must use (RFC 9110, 5.6.7); the two obsolete ones name no zone, or a year of two digits. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

function retryAfter(value: string | undefined, now: EpochMs): number | undefined {
  if (value === undefined) return undefined;
  if (SECONDS.test(value)) return Number(value);
  const at = HTTP_DATE.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : (at - now) / 1000;
}

function limitReset(
  headers: Headers,
  limits: RateLimitHeaders | undefined,
  now: EpochMs,
): number | undefined {
  const left = limits === undefined ? undefined : header(headers, limits.remaining);
  if (limits === undefined || left === undefined || !/^(-\d+|0+(\.0+)?)$/.test(left)) return undefined;
  const reset = header(headers, limits.reset.header) ?? '';
  if (!SECONDS.test(reset)) return USUAL_WAIT_SECONDS;
  return limits.reset.unit === 's' ? Number(reset) - now / 1000 : Number(reset);
}
