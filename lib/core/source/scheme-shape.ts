import type {
  HeaderFamily,
  KeyFormat,
  Scheme,
  SchemeStep,
  SignatureHeader,
  SignatureScheme,
  SignatureVersion,
  TimestampRule,
} from '../provider.ts';
import {
  byField,
  checked,
  items,
  oneOf,
  optional,
  record,
  type Shape,
  text,
  variants,
  wholeNumber,
} from '../shape.ts';
import { checkSignature } from './check-signature.ts';
import { signedTemplate } from './template-shape.ts';
import { headerName, label } from './text-shape.ts';

/** A wider window is no protection against a replay. */
const DAY = 86_400;

export const toleranceSeconds: Shape<number> = wholeNumber(1, DAY, 'seconds');

const keyFormat = record<KeyFormat>({
  encoding: oneOf('utf8', 'hex', 'base64'),
  prefix: optional(
    record<NonNullable<KeyFormat['prefix']>>({
      text: text(/^[\x21-\x7e]{1,64}$/, 'printable text without spaces, at most 64 characters'),
      presence: oneOf('required', 'optional'),
    }),
  ),
});

const signatureVersion = record<SignatureVersion>({
  label: optional(label),
  algorithm: oneOf('hmac-sha1', 'hmac-sha256', 'hmac-sha512', 'ed25519', 'ecdsa-p256-sha256'),
  encoding: oneOf('hex', 'base64'),
  key: keyFormat,
});

const signatureHeader = record<SignatureHeader>({
  header: headerName,
  separator: optional(oneOf(',', ';', ' ')),
  assign: optional(oneOf('=', ',')),
});

const timestampPlace = byField<NonNullable<HeaderFamily['timestamp']>>(
  { label: record<{ readonly label: string }>({ label }) },
  record<{ readonly header: string }>({ header: headerName }),
);

const headerFamily = record<HeaderFamily>({
  signature: signatureHeader,
  timestamp: optional(timestampPlace),
  id: optional(headerName),
});

const timestampRule = record<TimestampRule>({ unit: oneOf('s', 'ms'), toleranceSeconds });

const signatureScheme = checked(
  record<SignatureScheme>({
    kind: oneOf('signature'),
    families: items(headerFamily, 'a list with at least one family of headers'),
    signed: signedTemplate,
    versions: items(signatureVersion, 'a list with at least one signature version'),
    timestamp: optional(timestampRule),
  }),
  checkSignature,
);

// An object, so that the compiler asks for each new step.
const SCHEME_STEPS = Object.keys({ 'twilio-signature': true } satisfies Record<
  SchemeStep,
  true
>) as SchemeStep[];

/** How a request proves its origin. */
export const scheme: Shape<Scheme> = variants<Scheme>({
  signature: signatureScheme,
  token: record<Extract<Scheme, { kind: 'token' }>>({
    kind: oneOf('token'),
    header: headerName,
    prefix: optional(text(/^[\x20-\x7e]{1,64}$/, 'printable text, at most 64 characters')),
  }),
  basic: record<Extract<Scheme, { kind: 'basic' }>>({ kind: oneOf('basic') }),
  step: record<Extract<Scheme, { kind: 'step' }>>({ kind: oneOf('step'), step: oneOf(...SCHEME_STEPS) }),
});
