import type { Method } from './request.ts';
import type { Template } from './template.ts';

/**
 * Everything the system knows of a provider, as data: it survives JSON, so it can be staged beside a function and written by a user.
 * Names and locations are data; what needs a condition or arithmetic is a named step of `core/steps/`.
 */
export interface Provider {
  /** Lower-case, `[a-z0-9-]+`: the first part of the type of its events. */
  readonly name: string;
  /** As its makers write it: `GitHub`. */
  readonly title: string;
  /** The provider's own pages that these facts come from. */
  readonly docs: readonly string[];
  readonly scheme: Scheme;
  /** Set-up challenges, tried in order: answered, never queued. */
  readonly handshakes?: readonly Handshake[];
  /** Form field that carries the JSON document (GitHub's and Slack's `payload`). */
  readonly formDocument?: string;
  /** Each item of a JSON array is an event; a body that is no array is one event. */
  readonly split?: 'items';
  /** How to read an event: the first shape whose conditions all hold. A step where the shape must be computed. */
  readonly events: readonly EventShape[] | { readonly step: IdentifyStep };
  /** `unsigned` when the id lies outside the signed bytes, so that a captured request can come again under another id. */
  readonly idCoverage: 'signed' | 'unsigned';
  /** Types that a provider rightly sends twice with equal bytes; only of interest where the id is unsigned. */
  readonly repeatableTypes?: readonly string[];
  /**
   * The signature, where it tells a replay better than bytes and type do: it holds for several bodies (Twilio's), or the type is not
   * signed and each has a body of its own (GitHub's). What comes under it as another event is forged, and refused.
   */
  readonly signatureMark?: Template;
  /** For types that lie outside the signed bytes: what the body must hold so as not to contradict them. */
  readonly typeRequires?: readonly TypeRule[];
  /** Paths in the document that may differ between two copies of one event. */
  readonly volatile?: readonly string[];
  readonly acknowledge?: Acknowledgement | { readonly step: AcknowledgeStep };
  readonly delivery: DeliveryHabits;
  /** What the person who sets it up must know, in order; shown by `headgate sources`. */
  readonly setup: readonly string[];
}

/** Steps by kind; each is one file of `core/steps/` with this name. */
export type SchemeStep = 'twilio-signature';
export type IdentifyStep = 'twilio-event';
export type AcknowledgeStep = 'discord-acknowledgement';

/** How a request proves its origin. */
export type Scheme =
  | SignatureScheme
  | { readonly kind: 'token'; readonly header: string; readonly prefix?: string }
  | { readonly kind: 'basic' }
  | { readonly kind: 'step'; readonly step: SchemeStep };

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
  /** A header, or the label in the signature header that holds it (Stripe's `t`). */
  readonly timestamp?: { readonly header: string } | { readonly label: string };
  /** The header that holds the signed id. */
  readonly id?: string;
}

/**
 * A signature header's grammar: items between `separator`, each `label` + `assign` + signature.
 * Without `separator` there is one item; without `assign` an item is a bare signature.
 */
export interface SignatureHeader {
  readonly header: string;
  readonly separator?: ',' | ';' | ' ';
  readonly assign?: '=' | ',';
}

export interface SignatureVersion {
  /** The label of its items; absent for bare signatures. */
  readonly label?: string;
  readonly algorithm: 'hmac-sha1' | 'hmac-sha256' | 'hmac-sha512' | 'ed25519' | 'ecdsa-p256-sha256';
  readonly encoding: 'hex' | 'base64';
  readonly key: KeyFormat;
}

/**
 * How the configured text becomes the key. For `ed25519` the decoded bytes are the raw 32-byte public key, for
 * `ecdsa-p256-sha256` a DER SubjectPublicKeyInfo. A text that does not decode is no key of this version.
 */
export interface KeyFormat {
  readonly encoding: 'utf8' | 'hex' | 'base64';
  /** Stripped before decoding. */
  readonly prefix?: { readonly text: string; readonly presence: 'required' | 'optional' };
}

export interface TimestampRule {
  readonly unit: 's' | 'ms';
  /** Largest accepted distance in seconds, inclusive, into the past and into the future, from the gateway's request time. */
  readonly toleranceSeconds: number;
}

/** `equals` absent: the template must have a value. `absent`: it must have none. `word`: it is of `a-z`, `0-9` and `_`. */
export type Test =
  | { readonly at: Template; readonly equals?: string }
  | { readonly at: Template; readonly is: 'absent' | 'word' };

export type TypeRule =
  /** An event whose type `equals` this has something at this path of its body. */
  | { readonly type: Template; readonly equals: string; readonly body: string }
  /** An event whose type `equals` this has nothing at this path. */
  | { readonly type: Template; readonly equals: string; readonly lacks: string }
  /** Where an event whose type `begins` so has a text or number at this path, that begins with `valueBegins`. */
  | { readonly type: Template; readonly begins: string; readonly body: string; readonly valueBegins: string };

export interface Handshake {
  readonly method: Method;
  /** `verified`: the normal signature must hold first. `none`: the provider does not sign it; nothing is ever published from it. */
  readonly guard: 'verified' | 'none';
  readonly media?: 'json' | 'form';
  /** All must hold. `{body:…}` is a field of the form itself, also where forms carry a document (`formDocument`). */
  readonly when: readonly [Test, ...Test[]];
  readonly answer: HandshakeReply;
}

/** What is answered: templates are filled from the request; without `json` or `text` the body is empty. */
export type HandshakeReply = { readonly status: 200 | 202 | 204 } & (
  | { readonly json: Readonly<Record<string, Template | number>> }
  | { readonly text: Template }
  | { readonly contentType?: string }
);

export interface EventShape {
  /** All must hold; absent: always. */
  readonly when?: readonly Test[];
  /** The first that has a value; unique within the source, the same on every redelivery. */
  readonly id: Template | readonly Template[];
  readonly type: Template | readonly Template[];
  /** The resource: the first that has a value; absent when the event is about none. */
  readonly subject?: Template | readonly Template[];
  readonly time?: Instant;
  /** Orders the states of one subject. */
  readonly version?: Instant | Count;
}

/** `decimal`: seconds with a fraction, as text. `iso`: RFC 3339, a missing zone read as UTC. */
export interface Instant {
  readonly at: Template;
  readonly unit: 's' | 'ms' | 'iso' | 'decimal';
}

/** A whole number that grows with every state. */
export interface Count {
  readonly at: Template;
  readonly unit: 'integer';
}

export interface Acknowledgement {
  readonly status: 200 | 202 | 204;
  readonly contentType?: string;
  readonly body?: string;
}

export interface DeliveryHabits {
  /** How long the provider waits for our answer, in ms. */
  readonly timeoutMs: number;
  /** `none`: a failed delivery is never sent again by itself. */
  readonly retries: 'none' | { readonly spanSeconds: number };
  /** What a 5xx of ours means there, when it is not retried: the setting that helps. */
  readonly withoutRetries?: string;
  /** The largest body the provider sends, in bytes. */
  readonly maxBytes?: number;
}
