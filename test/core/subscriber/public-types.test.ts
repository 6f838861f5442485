import { describe, expectTypeOf, test } from 'vitest';
import {
  type EventData,
  followDataref,
  type HeadgateEvent,
  isState,
  type Latest,
  latest,
  memoryStore,
  type Once,
  once,
  parseEvent,
  type parseEvents,
  type ReferencedEvent,
  type StateAttributes,
  type SubscriberStore,
} from '../../../lib/events.ts';
import type { Provider, ProviderDefinition, Sources } from '../../../lib/index.ts';
import { github } from '../../../lib/index.ts';

// The compiler is what fails here, in `npm run check`.
describe('the types of headgate/events', () => {
  const message: unknown = { body: '{}' };
  const read = (): ReturnType<typeof parseEvent> => parseEvent(message);

  test('an event has its data or the place where it lies', () => {
    expectTypeOf(read).returns.toEqualTypeOf<HeadgateEvent | ReferencedEvent>();
    const dataOf = (event: HeadgateEvent | ReferencedEvent): EventData | string =>
      event.dataref === undefined ? event.data : event.dataref;
    expectTypeOf(dataOf).returns.toEqualTypeOf<EventData | string>();
    expectTypeOf(followDataref).returns.resolves.toEqualTypeOf<HeadgateEvent>();
    expectTypeOf<EventData['payload']>().toBeUnknown();
  });

  test('a batch has an answer for each record', () => {
    type Read = ReturnType<typeof parseEvents>[number];
    expectTypeOf<Read['kind']>().toEqualTypeOf<'event' | 'unreadable'>();
    expectTypeOf<Read['messageId']>().toEqualTypeOf<string>();
  });

  test('a state has a subject and a sequence', () => {
    const sequenceOf = (event: HeadgateEvent): string | undefined =>
      isState(event) ? event.sequence.slice(0) : event.sequence;
    expectTypeOf(sequenceOf).parameter(0).toEqualTypeOf<HeadgateEvent>();
    expectTypeOf<HeadgateEvent['sequence']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<StateAttributes>().toEqualTypeOf<{ readonly subject: string; readonly sequence: string }>();
  });

  test('once and latest give the handler what they were given, and its result in a closed outcome', () => {
    const handled = (store: SubscriberStore, event: HeadgateEvent) => once(store, event, ({ data }) => data);
    expectTypeOf(handled).returns.resolves.toEqualTypeOf<Once<EventData>>();
    const applied = (store: SubscriberStore, event: ReferencedEvent) =>
      latest(store, event, async ({ sequence, dataref }) => [sequence, dataref] as const);
    expectTypeOf(applied).returns.resolves.toEqualTypeOf<Latest<readonly [string, string]>>();
    expectTypeOf<Once<1>['kind']>().toEqualTypeOf<'handled' | 'duplicate' | 'busy' | 'overran'>();
    expectTypeOf<Latest<1>['kind']>().toEqualTypeOf<
      'applied' | 'superseded' | 'duplicate' | 'busy' | 'not-a-state' | 'overran'
    >();
  });

  test('a store needs a subscriber, so that two never share their memory by oversight', () => {
    // @ts-expect-error: without `subscriber`
    expectTypeOf(memoryStore).toBeCallableWith({ now: () => 0 });
    expectTypeOf(memoryStore).toBeCallableWith({ subscriber: 'x', now: () => 0 });
  });
});

describe('the types of headgate', () => {
  test('a provider of one’s own may leave out what is only shown, and ours are such values', () => {
    expectTypeOf<Provider>().toExtend<ProviderDefinition>();
    expectTypeOf<ProviderDefinition['title']>().toEqualTypeOf<string | undefined>();
    expectTypeOf(github).toEqualTypeOf<Provider>();
  });

  test('sources with a field that there is not, or with a secret in them, do not compile', () => {
    expectTypeOf({ github: { provider: github } }).toExtend<Sources>();
    // @ts-expect-error: a misspelt field
    const misspelt: Sources = { github: { provider: github, paht: '/x' } };
    // @ts-expect-error: secrets are no part of sources
    const secret: Sources = { github: { provider: github, secret: 'x' } };
    expectTypeOf([misspelt, secret]).toEqualTypeOf<Sources[]>();
  });
});
