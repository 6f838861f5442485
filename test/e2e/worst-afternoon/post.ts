import { type Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Call } from './signer.ts';

/** What the sender knows afterwards. `none`: refused, cut off or too late; it may have arrived or not. */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly delivery: string }
  | { readonly kind: 'none' };

/** Sends one call as it is: also headers that come twice or are empty. */
export function post(
  base: string,
  call: Call,
  { agent, timeoutMs }: { readonly agent: Agent; readonly timeoutMs: number },
): Promise<Answer> {
  const url = `${base}${call.path}${call.query === '' ? '' : `?${call.query}`}`;
  const headers = { ...call.headers, 'content-length': String(call.body.length) };
  return new Promise((resolve) => {
    const sent = request(url, { method: 'POST', agent, headers, signal: AbortSignal.timeout(timeoutMs) });
    sent.on('error', () => resolve({ kind: 'none' }));
    sent.on('response', (response) => {
      text(response).then(
        () =>
          resolve({
            kind: 'answered',
            status: response.statusCode ?? 0,
            delivery: String(response.headers['apigw-requestid']),
          }),
        () => resolve({ kind: 'none' }),
      );
    });
    sent.end(call.body);
  });
}
