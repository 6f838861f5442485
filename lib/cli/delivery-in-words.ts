import type { DeliveryHabits } from '../core/provider.ts';

/**
 * Whether a provider sends again what failed, in one sentence without its end.
 * @example retriesInWords(stripe.delivery) // 'for 3 days, also after our 4xx or 5xx'
 */
export function retriesInWords({ retries, withoutRetries, clientErrors }: DeliveryHabits): string {
  if (retries === 'none') return `none, also not after our 5xx. ${withoutRetries ?? ''}`.trimEnd();
  const answers = clientErrors === 'retried' ? '4xx or 5xx' : '5xx';
  const final = clientErrors === 'dropped' ? '; never after a 4xx' : '';
  return `for ${spanInWords(retries.spanSeconds)}, also after our ${answers}${final}`;
}

/** @example spanInWords(259_200) // '3 days' */
export function spanInWords(seconds: number): string {
  const hours = seconds / 3600;
  if (seconds < 90) return `${seconds} seconds`;
  if (hours < 1) return `${Math.round(seconds / 60)} minutes`;
  if (hours < 1.5) return 'an hour';
  return hours < 48 ? `${Math.round(hours)} hours` : `${Math.round(hours / 24)} days`;
}

/** What a form or a binary body may have, in bytes: Lambda's limit, less what it grows to on its way through the gateway. */
const ENCODED_LIMIT = 4_400_000;

/** How large a body the provider sends, and how large a one is taken. */
export function sizesInWords({ maxBytes }: DeliveryHabits): {
  readonly sent: string;
  readonly taken: string;
} {
  const taken = 'about 6 MB of JSON, 4.4 MB of a form';
  if (maxBytes === undefined) return { sent: 'no limit known', taken };
  return { sent: `up to ${sizeInWords(maxBytes)}`, taken: maxBytes > ENCODED_LIMIT ? taken : 'all of that' };
}

/** @example sizeInWords(26_214_400) // '25 MB' */
function sizeInWords(bytes: number): string {
  const megabytes = bytes / 1_048_576;
  return megabytes >= 1 ? `${Math.round(megabytes * 10) / 10} MB` : `${Math.round(bytes / 1024)} KB`;
}
