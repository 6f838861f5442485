/** SQS's longest delay of a message, in seconds. */
export const LONGEST_DELAY_SECONDS = 900;

/**
 * How long to wait before the next attempt: exponential with jitter, between half and all of `2^attempts` seconds, at most 15 minutes.
 * @param attempts failed so far, from 1.
 * @param random uniform in [0, 1).
 * @example backoffSeconds(3, Math.random) // 4 to 8
 */
export function backoffSeconds(attempts: number, random: () => number): number {
  const full = Math.min(LONGEST_DELAY_SECONDS, 2 ** Math.min(attempts, 16));
  return Math.ceil(full / 2 + (full / 2) * random());
}
