import type { Template } from './template.ts';

/**
 * How a request proves its origin. Which to choose:
 *
 * | the provider sends | scheme |
 * |---|---|
 * | a MAC or a public-key signature over its raw bytes | `signature` |
 * | the secret itself, in a header, the query or the body | `token` |
 * | `Authorization: Basic …` | `basic` |
 * | now one of these, now another | `any` |
 * | what no table of places and templates describes: a certificate, a JWT, sorted parameters, fields in place of bytes | `step` |
 */
export type Scheme = SingleScheme | AnyScheme;

export type SingleScheme = SignatureScheme | TokenScheme | BasicScheme | StepScheme;

/**
 * Several ways, in order of preference: the first that the request carries a proof of, and that a configured secret is a key of,
 * is the only one that is looked at. So a wrong signature is never saved by a token beside it.
 */
export interface AnyScheme {
  readonly kind: 'any';
  readonly of: readonly [SingleScheme, SingleScheme, ...SingleScheme[]];
}

/** A MAC or a public-key signature over a template of the request. */
export interface SignatureScheme {
  readonly kind: 'signature';
  /** Header families in order of preference: the first whose signature header is present is used, and no other is looked at. */
  readonly families: readonly [HeaderFamily, ...HeaderFamily[]];
  /** What is signed: holes `{id}`, `{timestamp}`, `{body}`, `{url}`, `{method}`. */
  readonly signed: Template;
  /** What counts as a signature. Labels that are not listed are skipped, never tried. */
  readonly versions: readonly [SignatureVersion, ...SignatureVersion[]];
  /** Absent: the provider sends no signed time. */
  readonly timestamp?: TimestampRule;
}

export interface HeaderFamily {
  readonly signature: SignatureHeader;
  /** A header, the label in the signature header that holds it (Stripe's `t`), or a path in the signed body (Linear). */
  readonly timestamp?: { readonly header: string } | { readonly label: string } | { readonly body: string };
  /** The header that holds the signed id. */
  readonly id?: string;
}

/**
 * A signature header's grammar: items between `separator`, each `label` + `assign` + signature.
 * Without `separator` there is one item; without `assign` an item is a bare signature.
 * Where the provider sends the header itself several times, the gateway joins it with commas: `separator: ','`.
 */
export interface SignatureHeader {
  readonly header: string;
  /** More headers of the same grammar, of which any may be there; a signature in one of them is enough (Box, DocuSign). */
  readonly also?: readonly string[];
  /** `, `: exactly one space after each comma (WorkOS). */
  readonly separator?: ',' | ';' | ' ' | ', ';
  readonly assign?: '=' | ',';
}

export interface SignatureVersion {
  /** The label of its items; absent for bare signatures. */
  readonly label?: string;
  readonly algorithm: 'hmac-sha1' | 'hmac-sha256' | 'hmac-sha512' | 'ed25519' | 'ecdsa-p256-sha256';
  /** `base64url`: without padding. */
  readonly encoding: 'hex' | 'base64' | 'base64url';
  readonly key: KeyFormat;
}

/**
 * How the configured text becomes the key. `utf8`: as it stands, also if it looks like base64. For `ed25519` the decoded bytes are
 * the raw 32-byte public key, for `ecdsa-p256-sha256` a DER SubjectPublicKeyInfo. A text that does not decode is no key of this version.
 */
export interface KeyFormat {
  readonly encoding: 'utf8' | 'hex' | 'base64';
  /** Stripped before decoding. */
  readonly prefix?: { readonly text: string; readonly presence: 'required' | 'optional' };
}

export interface TimestampRule {
  /** `iso`: RFC 3339 with a zone. */
  readonly unit: 's' | 'ms' | 'iso';
  /** Largest accepted distance in seconds, inclusive, into the past and into the future, from the gateway's request time. */
  readonly toleranceSeconds: number;
}

/** The secret itself. It is never stored or published: the header and the parameter are left out, in the body it is redacted. */
export type TokenScheme =
  /** After the prefix (`Bearer `), if there is one. */
  | { readonly kind: 'token'; readonly header: string; readonly prefix?: string }
  /** A parameter of the URL that was registered at the provider. */
  | { readonly kind: 'token'; readonly query: string }
  /** A path in a JSON body; with `*` for every item. One that holds no secret is taken out, and at least one must hold it (Microsoft Graph). */
  | { readonly kind: 'token'; readonly body: string };

/** RFC 7617; the secret is `user:password`. */
export interface BasicScheme {
  readonly kind: 'basic';
}

export interface StepScheme {
  readonly kind: 'step';
  readonly step: SchemeStep;
  /** For steps that check a signed time: as in `TimestampRule`. */
  readonly toleranceSeconds?: number;
}

/** Each is one file of `core/steps/` with this name. */
export const SCHEME_STEPS = [
  'adyen-signature',
  'contentful-signature',
  'atlassian-connect-token',
  'atlassian-oauth-token',
  'hubspot-signature-v1',
  'hubspot-signature-v2',
  'hubspot-signature-v3',
  'mailgun-signature',
  'microsoft-graph-tokens',
  'paypal-signature',
  'sns-signature',
  'twilio-signature',
] as const;
export type SchemeStep = (typeof SCHEME_STEPS)[number];
