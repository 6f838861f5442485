import { createHmac, timingSafeEqual } from 'node:crypto';
import { intakeDocument } from '../intake-document.ts';
import { spansAt } from '../json-items.ts';
import { findSpan, type JsonSpan, parsePath, scalarAt } from '../json-span.ts';
import { type Rejection, rejected } from '../rejection.ts';
import { decodeBase64 } from '../scheme/decode.ts';
import { keyBytes } from '../scheme/key.ts';
import type { SecretAge } from '../secret.ts';
import type { Proof, SchemeInput, SchemeStepCode, SignedParts, StepSignInput } from '../step.ts';

const ITEMS = 'notificationItems.*.NotificationRequestItem';
const SIGNATURE = 'additionalData.hmacSignature';

/** In this order, joined by colons that nothing escapes; what is missing is empty. */
const FIELDS = [
  'pspReference',
  'originalReference',
  'merchantAccountCode',
  'merchantReference',
  'amount.value',
  'amount.currency',
  'eventCode',
  'success',
];

/**
 * Adyen's payment webhooks: each item of the body has a signature of its own, over eight of its fields and not over bytes. Every item
 * must hold. The key is the hex text that Adyen shows.
 * Source: lib/src/utils/hmacValidator.js of @adyen/api-library@32.1.0.
 */
export const step: SchemeStepCode = {
  covers: { body: FIELDS.map((field) => `${ITEMS}.${field}`), url: 'no', method: 'no' },
  verify,
  sign,
};

function verify({ request, secrets }: SchemeInput): Proof | Rejection {
  const keys = secrets.signing.flatMap(({ secret, age }) => {
    const bytes = keyBytes({ encoding: 'hex' }, secret);
    return bytes === undefined ? [] : [{ bytes, age }];
  });
  if (keys.length === 0) return rejected('no-secret', 'none of the configured secrets is an HMAC key in hex');
  const document = intakeDocument(request);
  if (document.kind !== 'json')
    return rejected('malformed-signature', 'the body cannot be read as JSON, and the signatures lie in it');
  const items = spansAt(document.text, parsePath(ITEMS));
  if (items.length === 0) return rejected('missing-signature', 'the body holds no item');
  let age: SecretAge = 'newest';
  for (const item of items) {
    const proof = item === undefined ? missing() : verifyItem(document.text, item, keys);
    if (proof.kind === 'rejected') return proof;
    if (proof.age === 'older') age = 'older';
  }
  return { kind: 'proved', age };
}

function verifyItem(
  text: string,
  item: JsonSpan,
  keys: readonly { readonly bytes: Buffer; readonly age: SecretAge }[],
): Proof | Rejection {
  const sent = scalarAt(text, parsePath(SIGNATURE), item) ?? '';
  if (sent === '') return missing();
  const signature = decodeBase64(sent);
  const signed = signedFields(text, item);
  if (signature?.length !== 32 || signed === undefined)
    return rejected(
      'malformed-signature',
      `${SIGNATURE} is not the base64 of 32 bytes, or a signed field is no text`,
    );
  for (const { bytes, age } of keys) {
    if (timingSafeEqual(mac(bytes, signed), signature)) return { kind: 'proved', age };
  }
  return rejected(
    'wrong-signature',
    'an item was signed with none of the configured keys, or its fields are others',
  );
}

function missing(): Rejection {
  return rejected('missing-signature', `an item has no ${SIGNATURE}`);
}

/** Undefined where a list or an object stands: it would be signed like nothing at all. */
function signedFields(text: string, item: JsonSpan): string | undefined {
  const values: string[] = [];
  for (const field of FIELDS) {
    const span = findSpan(text, parsePath(field), item);
    if (span !== undefined && /[[{]/.test(text.charAt(span.start))) return undefined;
    values.push(scalarAt(text, parsePath(field), item) ?? '');
  }
  return values.join(':');
}

function mac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

/** The items are signed where they have a signature to replace. */
function sign({ request, secret }: StepSignInput): SignedParts {
  const key = keyBytes({ encoding: 'hex' }, secret);
  if (key === undefined) throw new TypeError('the secret is no HMAC key in hex');
  let text = request.body.toString('utf8');
  // From the end, so that what stands before keeps its place.
  for (const item of spansAt(text, parsePath(ITEMS)).toReversed()) {
    const place = item && findSpan(text, parsePath(SIGNATURE), item);
    const signed = item && signedFields(text, item);
    if (place === undefined || signed === undefined)
      throw new TypeError(`an item has no ${SIGNATURE} to replace`);
    text = `${text.slice(0, place.start)}"${mac(key, signed).toString('base64')}"${text.slice(place.end)}`;
  }
  return { headers: {}, body: Buffer.from(text) };
}
