/** What a client's `send` takes beside the command. */
export interface SendOptions {
  readonly abortSignal: AbortSignal;
}

/**
 * Ends a call at its limit, whatever it is about then: an attempt, a pause that AWS has asked for, a body that trickles in. No
 * further attempt is begun after that.
 * @param limitMs without one the client alone decides.
 * @throws whatever the call throws; at the limit an Error named `TimeoutError`.
 * @example await withinLimit(2_000, (options) => client.send(new SendMessageCommand(input), options))
 */
export async function withinLimit<T>(
  limitMs: number | undefined,
  send: (options?: SendOptions) => Promise<T>,
): Promise<T> {
  if (limitMs === undefined) return send();
  const controller = new AbortController();
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    limit.reject(Object.assign(new Error(`not done within ${limitMs} ms`), { name: 'TimeoutError' }));
    controller.abort();
  }, limitMs);
  try {
    return await Promise.race([send({ abortSignal: controller.signal }), limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}
