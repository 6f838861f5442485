import type { Event, Payload, Standing } from './event.ts';
import type { TopicMessage } from './ports.ts';
import { sha256 } from './scheme.ts';

/** SNS's limit for one message and for one batch, attributes included, in bytes. */
export const TOPIC_LIMIT = 262_144;

/** What is published of an event beside itself. */
export interface Publication {
  readonly event: Event;
  readonly standing: Standing;
  /** Lower-case name of the provider: the first part of the published type. */
  readonly provider: string;
  /** What the source URI begins with, e.g. `urn:headgate:eu-west-1:123456789012:Receiver`. */
  readonly uri: string;
  /** The state was fetched: JSON as the provider wrote it; what is gone may have none. */
  readonly fetched?: { readonly resource?: string };
  /** The id under which the same bytes came first. */
  readonly repeatOf?: string;
  /** Set when a replay is to pass the FIFO topic's deduplication. */
  readonly replayNonce?: string;
}

/** Where the full event lies, when it is too large for the topic: `s3://bucket/events/…`. */
export type DataRef = string;

/**
 * The event as a CloudEvent 1.0 in JSON (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md),
 * with `data` = `{ "payload": …, "resource": … }`. JSON is spliced in as it came. With `dataref` the data is left out
 * (https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/dataref.md).
 *
 * @example
 * {"specversion":"1.0","id":"72d3162e-…","source":"urn:headgate:local:github","type":"github.issues.opened",
 *  "subject":"repositories/1/issues/7","sequence":"1795170000000000","verdict":"fresh","data":{"payload":{…}}}
 */
export function cloudEvent(publication: Publication, dataref?: DataRef): string {
  const { event, standing } = publication;
  const attributes = JSON.stringify({
    specversion: '1.0',
    id: event.id,
    source: `${publication.uri}:${event.source}`,
    type: publishedType(publication),
    ...(event.subject === undefined ? {} : { subject: event.subject }),
    ...(event.time === undefined ? {} : { time: new Date(event.time).toISOString() }),
    ...('sequence' in standing && standing.sequence !== undefined ? { sequence: standing.sequence } : {}),
    verdict: standing.verdict,
    origin: event.origin,
    receivedtime: new Date(event.receivedAt).toISOString(),
    ...(publication.repeatOf === undefined ? {} : { repeatof: publication.repeatOf }),
    ...(dataref === undefined ? { datacontenttype: 'application/json' } : { dataref }),
  });
  if (dataref !== undefined) return attributes;
  const { resource } = publication.fetched ?? {};
  const state = resource === undefined ? '' : `,"resource":${escaped(resource)}`;
  return `${attributes.slice(0, -1)},"data":{"payload":${payloadJson(event.payload)}${state}}}`;
}

/** The message for the topic: the CloudEvent, the attributes that filter policies read, and a FIFO topic's two ids. */
export function topicMessage(publication: Publication, dataref?: DataRef): TopicMessage {
  const { event, standing } = publication;
  return {
    message: cloudEvent(publication, dataref),
    attributes: {
      provider: publication.provider,
      source: event.source,
      type: publishedType(publication),
      verdict: standing.verdict,
      origin: event.origin,
    },
    group: hash(
      event.source,
      event.subject === undefined ? `event ${event.key}` : `subject ${event.subject}`,
    ),
    // A state that was fetched again is a newer one, and no copy.
    deduplicationId: hash(
      event.source,
      event.key,
      publication.replayNonce ?? '',
      fetchedSequence(publication),
    ),
  };
}

/** The bytes that SNS counts: the message, and name, type and value of each attribute. */
export function topicMessageSize(message: TopicMessage): number {
  let size = Buffer.byteLength(message.message);
  for (const [name, value] of Object.entries(message.attributes)) {
    size += Buffer.byteLength(name) + 'String'.length + Buffer.byteLength(value);
  }
  return size;
}

function fetchedSequence({ fetched, standing }: Publication): string {
  return fetched !== undefined && 'sequence' in standing ? (standing.sequence ?? '') : '';
}

function publishedType(publication: Publication): string {
  return `${publication.provider}.${publication.event.type}`;
}

/** JSON allows these two inside strings, SQS (behind the topic) allows them nowhere: the escape means the same. */
const UNSAFE = /[\uFFFE\uFFFF]/g;

function payloadJson(payload: Payload): string {
  return payload.kind === 'json'
    ? escaped(payload.text)
    : escaped(JSON.stringify({ base64: payload.bytes.toString('base64'), contentType: payload.contentType }));
}

function escaped(json: string): string {
  return json.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** A digest, since SNS takes only 128 characters of a small alphabet; JSON keeps the parts apart. */
function hash(...parts: readonly string[]): string {
  return sha256(Buffer.from(JSON.stringify(parts)));
}
