import { printableText } from '../local/printable-text.ts';
import type { Paint } from '../local/report-paint.ts';
import type { Answer } from './post-delivery.ts';
import type { SignedDelivery } from './signed-delivery.ts';

const BODY_SHOWN = 300;

/** The request as text, without a line end. */
export function showDelivery({ shown, body, tampered }: SignedDelivery, paint: Paint): string {
  const headers = Object.entries(shown.headers).map(
    ([name, value]) => `${paint('aside', `${name}:`)} ${value}`,
  );
  return [
    paint('title', `POST ${shown.url}`),
    ...headers,
    '',
    `${printableText(shown.body, BODY_SHOWN)} ${paint('aside', `(${size(body)})`)}`,
    ...(tampered === undefined ? [] : [paint('notice', tampered)]),
    '',
  ].join('\n');
}

/** The answer as one line: `200 OK in 12 ms, no body`. */
export function showAnswer(answer: Answer, paint: Paint): string {
  const { status, statusText, body, durationMs } = answer;
  const head = paint(isAccepted(answer) ? 'good' : 'bad', `${status} ${statusText}`.trimEnd());
  return `${head} in ${durationMs} ms, ${body === '' ? 'no body' : printableText(body, BODY_SHOWN)}`;
}

export function isAccepted({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

function size({ length }: Buffer): string {
  return `${length.toLocaleString('en')} bytes`;
}
