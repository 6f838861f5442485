import type { SignedDelivery } from './signed-delivery.ts';
import { UsageError } from './usage-error.ts';

/** What the receiver answered. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly body: string;
  readonly durationMs: number;
}

/**
 * Sends a delivery once, and waits for the answer as long as its provider would. Redirects are not followed: no provider does.
 * @throws {UsageError} when there is no answer.
 */
export async function postDelivery(delivery: SignedDelivery, timeoutMs: number): Promise<Answer> {
  const since = performance.now();
  try {
    const response = await fetch(delivery.url, {
      method: 'POST',
      headers: delivery.headers,
      body: delivery.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return {
      status: response.status,
      statusText: response.statusText,
      body: await response.text(),
      durationMs: Math.round(performance.now() - since),
    };
  } catch (error) {
    throw new UsageError(`${whyNot(error, timeoutMs)} at ${delivery.shown.url}. ${ADVICE}`, { cause: error });
  }
}

const ADVICE = 'Start the receiver with `npm start`, or say with --url where it is.';

function whyNot(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'No answer';
  if (error.name === 'TimeoutError')
    return `No answer within ${timeoutMs} ms, as long as the provider waits,`;
  const { code, message } = (error.cause ?? error) as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' ? 'Nothing listens' : `No answer (${code ?? message})`;
}
