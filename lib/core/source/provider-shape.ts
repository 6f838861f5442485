import { fieldOf, wrong } from '../place.ts';
import {
  ACKNOWLEDGE_STEPS,
  type Acknowledgement,
  type AcknowledgeStep,
  type DeliveryHabits,
  DOCUMENT_STEPS,
  type DocumentPlace,
  type DocumentStep,
  IDENTIFY_STEPS,
  type IdentifyStep,
  type Provider,
  type Split,
  type TypeRule,
} from '../provider.ts';
import {
  byField,
  checked,
  items,
  list,
  listOr,
  mapped,
  objectOr,
  oneOf,
  optional,
  record,
  type Shape,
  text,
  wholeNumber,
} from '../shape.ts';
import type { ProviderDefinition } from '../source.ts';
import { api } from './api-shape.ts';
import { checkEvents } from './check-events.ts';
import { checkHandshakes } from './check-handshakes.ts';
import { eventShape } from './event-shape.ts';
import { handshake } from './handshake-shape.ts';
import { scheme } from './scheme-shape.ts';
import { documentPath, eventLocation, hasHole, itemsPath } from './template-shape.ts';
import { anyText, line, mediaType, typePattern } from './text-shape.ts';

const DAY = 86_400;

const lines = list(line, 'a list of texts');
const at = checked(eventLocation, hasHole);

const events: Shape<Provider['events']> = objectOr(
  record<{ readonly step: IdentifyStep }>({ step: oneOf(...IDENTIFY_STEPS) }),
  items(eventShape, 'a list with at least one event shape'),
);

const acknowledgement = checked(
  record<Acknowledgement>({
    status: oneOf(200, 202, 204),
    contentType: optional(mediaType),
    body: optional(anyText),
  }),
  ({ status, body }, place) => {
    if (status === 204 && body !== undefined)
      wrong(fieldOf(place, 'body'), 'a text', 'nothing with status 204');
  },
);

const acknowledge = byField<NonNullable<Provider['acknowledge']>>(
  { step: record<{ readonly step: AcknowledgeStep }>({ step: oneOf(...ACKNOWLEDGE_STEPS) }) },
  acknowledgement,
);

const retrySpan = record<{ readonly spanSeconds: number }>({
  spanSeconds: wholeNumber(1, 366 * DAY, 'seconds'),
});

const delivery = record<DeliveryHabits>({
  timeoutMs: wholeNumber(1, 15 * 60_000, 'milliseconds'),
  retries: objectOr(retrySpan, oneOf('none')),
  withoutRetries: optional(line),
  clientErrors: optional(oneOf('retried', 'dropped')),
  disabling: optional(line),
  maxBytes: optional(wholeNumber(1, 2 ** 31, 'bytes')),
});

const typeRule = byField<TypeRule>(
  {
    lacks: record<Extract<TypeRule, { lacks: string }>>({ type: at, equals: line, lacks: documentPath }),
    begins: record<Extract<TypeRule, { begins: string }>>({
      type: at,
      begins: line,
      body: documentPath,
      valueBegins: line,
    }),
  },
  record<Exclude<Extract<TypeRule, { equals: string }>, { lacks: string }>>({
    type: at,
    equals: line,
    body: documentPath,
  }),
);

const document: Shape<DocumentPlace> = objectOr(
  byField<Exclude<DocumentPlace, string>>(
    { step: record<{ readonly step: DocumentStep }>({ step: oneOf(...DOCUMENT_STEPS) }) },
    record<{ readonly formField: string }>({ formField: line }),
  ),
  oneOf('json'),
);

const split: Shape<Split> = listOr(items(itemsPath, 'a list with at least one path'), oneOf('items'));

const definition = record<ProviderDefinition>({
  name: text(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a name of a-z, 0-9 and "-", at most 40 characters'),
  title: optional(line),
  docs: optional(list(text(/^https:\/\/\S{1,500}$/, 'an https address'), 'a list of addresses')),
  scheme,
  handshakes: optional(list(handshake, 'a list of handshakes')),
  document: optional(document),
  split: optional(split),
  events,
  idCoverage: oneOf('signed', 'unsigned'),
  repeatableTypes: optional(list(typePattern, 'a list of types')),
  signatureMark: optional(at),
  typeRequires: optional(list(typeRule, 'a list of rules')),
  volatile: optional(list(documentPath, 'a list of paths')),
  acknowledge: optional(acknowledge),
  delivery,
  api: optional(api),
  setup: optional(lines),
  unverified: optional(lines),
  $schema: optional(line),
});

/** A provider's value, with what may be left out filled in. */
export const provider: Shape<Provider> = mapped(
  checked(checked(definition, checkEvents), checkHandshakes),
  ({ $schema: _, title, docs, setup, ...read }) => ({
    ...read,
    title: title ?? read.name,
    docs: docs ?? [],
    setup: setup ?? [],
  }),
);
