import type { Origin } from '../delivery.ts';
import type { Verdict } from '../event.ts';
import { fieldOf, kindOf, type Place, rootPlace, wrong } from '../place.ts';
import { isObject, oneOf, optional, record, type Shape, text } from '../shape.ts';
import type { EventAttributes, EventData, HeadgateEvent, ReferencedEvent } from './headgate-event.ts';
import { UnreadableEventError } from './unreadable-event-error.ts';

// Objects, so that the compiler asks for each new value.
const VERDICTS = { fresh: true, gone: true, superseded: true, unconfirmed: true } satisfies Record<
  Verdict,
  true
>;
const ORIGINS = { webhook: true, sweep: true, replay: true } satisfies Record<Origin, true>;

const some = text(/./su, 'a text that is not empty');
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const time: Shape<string> = (value, place) =>
  typeof value === 'string' && RFC_3339.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : wrong(place, kindOf(value), 'a time as in RFC 3339');

/** Of exactly 16 digits, so that the order of the texts is the order of the numbers. */
export const SEQUENCE: RegExp = /^\d{16}$/;

const attributes = record<EventAttributes>({
  specversion: oneOf('1.0'),
  id: some,
  source: some,
  type: some,
  subject: optional(some),
  time: optional(time),
  sequence: optional(text(SEQUENCE, '16 digits')),
  verdict: oneOf(...(Object.keys(VERDICTS) as Verdict[])),
  origin: oneOf(...(Object.keys(ORIGINS) as Origin[])),
  receivedtime: time,
  repeatof: optional(some),
});

const NAMES = [
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'sequence',
  'verdict',
  'origin',
  'receivedtime',
  'repeatof',
] as const satisfies readonly (keyof EventAttributes)[];

/**
 * A parsed CloudEvent as an event of ours. Other extension attributes are left out: they mean nothing here.
 * @throws {UnreadableEventError} that lists what is wrong, by attribute.
 */
export function readEvent(value: unknown): HeadgateEvent | ReferencedEvent {
  const place = rootPlace('event');
  const event = isObject(value) ? read(value, place) : wrong(place, kindOf(value), 'a CloudEvent in JSON');
  if (event !== undefined && place.problems.length === 0) return event;
  throw new UnreadableEventError(
    `This is no event of Headgate:\n${place.problems.map((each) => `- ${each}`).join('\n')}`,
  );
}

function read(
  value: Readonly<Record<string, unknown>>,
  place: Place,
): HeadgateEvent | ReferencedEvent | undefined {
  const own = Object.fromEntries(NAMES.flatMap((name) => (name in value ? [[name, value[name]]] : [])));
  const event = attributes(own, place);
  if (event === undefined) return undefined;
  checkStanding(event, place);
  if (value.data === undefined) {
    const dataref = some(value.dataref, fieldOf(place, 'dataref'));
    return dataref === undefined ? undefined : { ...event, dataref };
  }
  const data = readData(value.data, fieldOf(place, 'data'));
  return data === undefined ? undefined : { ...event, data };
}

function readData(value: unknown, place: Place): EventData | undefined {
  if (!isObject(value) || !Object.hasOwn(value, 'payload'))
    return wrong(place, kindOf(value), 'an object with payload');
  return { payload: value.payload, ...(value.resource === undefined ? {} : { resource: value.resource }) };
}

/** Only a state has a sequence: whoever applies by it relies on that. */
function checkStanding({ verdict, sequence, subject }: EventAttributes, place: Place): void {
  const at = fieldOf(place, 'sequence');
  if (sequence !== undefined && (verdict === 'superseded' || verdict === 'unconfirmed')) {
    wrong(at, 'a sequence', `none with the verdict "${verdict}"`);
  }
  if (sequence !== undefined && subject === undefined) wrong(at, 'a sequence', 'none without a subject');
  if (sequence === undefined && verdict === 'gone')
    wrong(at, 'nothing', 'a sequence with the verdict "gone"');
  if (sequence === undefined && verdict === 'fresh' && subject !== undefined) {
    wrong(at, 'nothing', 'a sequence with the verdict "fresh" of a subject');
  }
}
