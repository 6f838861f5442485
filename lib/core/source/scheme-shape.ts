import type {
  AnyScheme,
  BasicScheme,
  HeaderFamily,
  KeyFormat,
  Scheme,
  SignatureHeader,
  SignatureScheme,
  SignatureVersion,
  SingleScheme,
  StepScheme,
  TimestampRule,
  TokenScheme,
} from '../provider.ts';
import { SCHEME_STEPS } from '../provider-scheme.ts';
import {
  byField,
  checked,
  items,
  list,
  oneOf,
  optional,
  record,
  type Shape,
  text,
  twoOrMore,
  variants,
  wholeNumber,
} from '../shape.ts';
import { checkAny } from './check-any.ts';
import { checkSignature } from './check-signature.ts';
import { documentPath, onePath, signedTemplate } from './template-shape.ts';
import { headerName, label, line } from './text-shape.ts';

/** A wider window is no protection against a replay. */
const DAY = 86_400;

/** A step may know that what it proves is claimed for as long as the ledger keeps its rows. */
const stepToleranceSeconds = wholeNumber(1, 7 * DAY, 'seconds');

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
  encoding: oneOf('hex', 'base64', 'base64url'),
  key: keyFormat,
});

const signatureHeader = record<SignatureHeader>({
  header: headerName,
  also: optional(list(headerName, 'a list of headers')),
  separator: optional(oneOf(',', ';', ' ', ', ')),
  assign: optional(oneOf('=', ',')),
});

const timestampPlace = byField<NonNullable<HeaderFamily['timestamp']>>(
  {
    label: record<{ readonly label: string }>({ label }),
    body: record<{ readonly body: string }>({ body: onePath }),
  },
  record<{ readonly header: string }>({ header: headerName }),
);

const headerFamily = record<HeaderFamily>({
  signature: signatureHeader,
  timestamp: optional(timestampPlace),
  id: optional(headerName),
});

const timestampRule = record<TimestampRule>({ unit: oneOf('s', 'ms', 'iso'), toleranceSeconds });

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

const kind = oneOf('token');
const token = byField<TokenScheme>(
  {
    query: record<Extract<TokenScheme, { readonly query: string }>>({ kind, query: line }),
    body: record<Extract<TokenScheme, { readonly body: string }>>({ kind, body: documentPath }),
  },
  record<Extract<TokenScheme, { readonly header: string }>>({
    kind,
    header: headerName,
    prefix: optional(text(/^[\x20-\x7e]{1,64}$/, 'printable text, at most 64 characters')),
  }),
);

const single = {
  signature: signatureScheme,
  token,
  basic: record<BasicScheme>({ kind: oneOf('basic') }),
  step: record<StepScheme>({
    kind: oneOf('step'),
    step: oneOf(...SCHEME_STEPS),
    toleranceSeconds: optional(stepToleranceSeconds),
  }),
} as const;

/** How a request proves its origin. */
export const scheme: Shape<Scheme> = variants<Scheme>({
  ...single,
  any: checked(
    record<AnyScheme>({
      kind: oneOf('any'),
      of: twoOrMore(variants<SingleScheme>(single), 'a list with at least two schemes'),
    }),
    checkAny,
  ),
});
