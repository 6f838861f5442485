import { createHmac, timingSafeEqual } from 'node:crypto';
import { intakeDocument } from '../intake-document.ts';
import { parsePath, replaceAt, scalarAt } from '../json-span.ts';
import { type Rejection, rejected } from '../rejection.ts';
import { decodeHex } from '../scheme/decode.ts';
import { timestampForm } from '../scheme/signed-text.ts';
import { outsideWindow } from '../scheme/time-window.ts';
import type { Proof, SchemeInput, SchemeStepCode, SignedParts, StepSignInput } from '../step.ts';

const PATHS = {
  timestamp: 'signature.timestamp',
  token: 'signature.token',
  signature: 'signature.signature',
} as const;

/** Long enough to be random, and with nothing in it that anybody could take for a part of the time. */
const TOKEN = /^[0-9A-Za-z]{16,100}$/;

/**
 * Mailgun signs a time and a random token, both in the body, and nothing of the event: one that was captured fits any body, until the
 * token is known (`signatureMark` of the provider) or the time is over.
 * Source: lib/mailgun.js of mailgun-js@0.22.0; https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
 */
export const step: SchemeStepCode = {
  covers: { body: [PATHS.timestamp, PATHS.token], url: 'no', method: 'no' },
  verify,
  sign,
};

function verify({ request, secrets, toleranceSeconds }: SchemeInput): Proof | Rejection {
  const document = intakeDocument(request);
  if (document.kind !== 'json')
    return rejected('malformed-signature', 'the body cannot be read as JSON, and the signature lies in it');
  const read = (part: keyof typeof PATHS): string => scalarAt(document.text, parsePath(PATHS[part])) ?? '';
  const [timestamp, token, sent] = [read('timestamp'), read('token'), read('signature')];
  if (sent === '') return rejected('missing-signature', `the body has nothing at ${PATHS.signature}`);
  if (timestamp === '') return rejected('missing-timestamp', `the body has nothing at ${PATHS.timestamp}`);
  if (token === '') return rejected('missing-id', `the body has nothing at ${PATHS.token}`);
  const signature = decodeHex(sent);
  if (signature?.length !== 32)
    return rejected('malformed-signature', `${PATHS.signature} is not the hex of 32 bytes`);
  const form = timestampForm('s');
  if (!form.pattern.test(timestamp))
    return rejected('malformed-timestamp', `${PATHS.timestamp} is not ${form.wording}`);
  if (!TOKEN.test(token)) return rejected('malformed-id', `${PATHS.token} is no token of Mailgun`);
  for (const { secret, age } of secrets.signing) {
    if (!timingSafeEqual(mac(secret, timestamp + token), signature)) continue;
    const rule = toleranceSeconds === undefined ? undefined : { unit: 's' as const, toleranceSeconds };
    return (rule && outsideWindow(rule, timestamp, request)) ?? { kind: 'proved', age };
  }
  return rejected('wrong-signature', 'made with none of the configured signing keys');
}

function mac(key: string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** The token is the body's own, where it has one. */
function sign({ request, secret, timestamp }: StepSignInput): SignedParts {
  const text = request.body.toString('utf8');
  const token = scalarAt(text, parsePath(PATHS.token)) ?? '';
  const time = String(Math.floor(timestamp / 1000));
  if (!TOKEN.test(token)) throw new TypeError(`the body has no token at ${PATHS.token}`);
  const values = [
    [PATHS.timestamp, time],
    [PATHS.signature, mac(secret, time + token).toString('hex')],
  ] as const;
  const signed = values.reduce(
    (body, [path, value]) => replaceAt(body, [parsePath(path)], JSON.stringify(value)),
    text,
  );
  return { headers: {}, body: Buffer.from(signed) };
}
