import type { ProviderApi, ResourceShape } from './provider-api.ts';
import type { Handshake, Test } from './provider-handshake.ts';
import type { Scheme } from './provider-scheme.ts';
import type { Template } from './template.ts';

export type * from './provider-api.ts';
export type * from './provider-handshake.ts';
export type * from './provider-scheme.ts';

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
  /**
   * Where the JSON document is, if not where the Content-Type says. A body that is neither JSON nor a form by it is an event of its own,
   * but unreadable where the value names paths of a body (`split`, `volatile`, `typeRequires`): nobody signs a Content-Type.
   */
  readonly document?: DocumentPlace;
  /** Where one delivery carries several events; a body that is not so built is one event. */
  readonly split?: Split;
  /** How to read an event: the first shape whose conditions all hold. A step where the shape must be computed. */
  readonly events: readonly EventShape[] | { readonly step: IdentifyStep };
  /** `unsigned` when the id lies outside the signed bytes, or there is none, so that a captured request can come again under another id. */
  readonly idCoverage: 'signed' | 'unsigned';
  /** Types that a provider rightly sends twice with equal bytes; only of interest where the id is unsigned. */
  readonly repeatableTypes?: readonly string[];
  /**
   * What tells a replay better than bytes and type do: the signature, where it holds for several bodies (Twilio's); the body alone
   * (`{digest}`), where the type is not signed and each has a body of its own (GitHub's): another secret signs it otherwise. What
   * comes under it as another event is forged, and refused.
   */
  readonly signatureMark?: Template;
  /** For types that lie outside the signed bytes: what the body must hold so as not to contradict them. */
  readonly typeRequires?: readonly TypeRule[];
  /** Paths in the document that may differ between two copies of one event. */
  readonly volatile?: readonly string[];
  readonly acknowledge?: Acknowledgement | { readonly step: AcknowledgeStep };
  readonly delivery: DeliveryHabits;
  /** Where resources are read; absent: the provider has no such API, or none that tells how a resource stands. */
  readonly api?: ProviderApi;
  /** What the person who sets it up must know, in order: the secret and where it is found, the URL, the settings that matter. */
  readonly setup: readonly string[];
  /** What could not be verified in the provider's own documentation, and the safe reading that was chosen: a sentence each. */
  readonly unverified?: readonly string[];
}

/**
 * - `json`: the body, whatever its Content-Type says.
 * - `formField`: in a form that has this field, its text (GitHub's and Slack's `payload`).
 * - a step: it makes JSON of a body that is something else.
 */
export type DocumentPlace = 'json' | { readonly formField: string } | { readonly step: DocumentStep };

/**
 * - `items`: the body is an array, and each item is an event.
 * - paths with `*` for every item of an array, also at their end (`value.*`, `entry.*.changes.*`): each item there is an event. Its
 *   document is the whole body with that item alone in its array, and without the arrays of the other paths, as if the provider had sent
 *   it by itself; so its paths begin `value.0.`. An item on the way from which no path leads on to an array is an event itself.
 */
export type Split = 'items' | readonly [string, ...string[]];

/** Steps by kind; each is one file of `core/steps/` with this name. */
export const DOCUMENT_STEPS = ['cloudevents', 'json-lines', 'salesforce-soap'] as const;
export type DocumentStep = (typeof DOCUMENT_STEPS)[number];
export const IDENTIFY_STEPS = ['twilio-event'] as const;
export type IdentifyStep = (typeof IDENTIFY_STEPS)[number];
export const ACKNOWLEDGE_STEPS = ['discord-acknowledgement'] as const;
export type AcknowledgeStep = (typeof ACKNOWLEDGE_STEPS)[number];

export type TypeRule =
  /** An event whose type `equals` this has something at this path of its body. */
  | { readonly type: Template; readonly equals: string; readonly body: string }
  /** An event whose type `equals` this has nothing at this path. */
  | { readonly type: Template; readonly equals: string; readonly lacks: string }
  /** Where an event whose type `begins` so has a text or number at this path, that begins with `valueBegins`. */
  | { readonly type: Template; readonly begins: string; readonly body: string; readonly valueBegins: string };

export interface EventShape {
  /** All must hold; absent: always. */
  readonly when?: readonly Test[];
  /**
   * The first that has a value; unique within the source, the same on every redelivery. Absent: the provider gives none, and two equal
   * bodies are two events ("something changed"). Then each delivery is an event of its own, under the delivery's id, and in a batch
   * each item (`<delivery>/<index>`): what the provider sends again is published again, and nobody can tell a replay.
   */
  readonly id?: Template | readonly Template[];
  readonly type: Template | readonly Template[];
  /** The resource: the first that has a value; absent when the event is about none. */
  readonly subject?: Template | readonly Template[];
  readonly time?: Instant;
  /** Orders the states of one subject. */
  readonly version?: Instant | Count;
  /** How to read the resource from the provider's API; absent: it can't be read there. */
  readonly resource?: ResourceShape;
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
  /** What a 4xx of ours does there: it is sent again like after a 5xx, or never. Absent: the provider does not say. */
  readonly clientErrors?: 'retried' | 'dropped';
  /** When a webhook that fails is slowed, paused or removed, in the provider's own numbers, and what turns it on again: a sentence. */
  readonly disabling?: string;
  /** The largest body the provider sends, in bytes. */
  readonly maxBytes?: number;
}
