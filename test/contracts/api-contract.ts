import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../lib/core/delivery.ts';
import { readJson } from '../../lib/core/document.ts';
import type { Event } from '../../lib/core/event.ts';
import { readEvents } from '../../lib/core/identify.ts';
import type { DocumentShape, ProviderApi } from '../../lib/core/provider.ts';
import { answerKind, readResource } from '../../lib/core/read-resource.ts';
import type { Source, SourceApiDefinition } from '../../lib/core/source.ts';
import type { Steps } from '../../lib/core/steps/load-steps.ts';
import { reconcilingSource } from '../core/intake-cases.ts';
import { acceptedDelivery } from './accepted-delivery.ts';
import { expectHarmlessPaths } from './harmless-paths.ts';
import type { ExpectedEvent, ProviderFixture, ResourceSample } from './provider-fixture.ts';

/**
 * What every provider must hold whose resources are read from its API: the address of each is that of its event, whatever stands in it,
 * and what is read there compares with what was sent.
 * @param fixtures all of one provider
 */
export function describeApi(fixtures: readonly [ProviderFixture, ...ProviderFixture[]], steps: Steps): void {
  const [{ provider }] = fixtures;
  const { api } = provider;
  if (api === undefined) {
    test('tells of no resources: it has no API', () => {
      expect(fixtures.flatMap(resourcesOf)).toEqual([]);
    });
    return;
  }

  describe('its API', () => {
    test('is taken with each of its addresses and kinds of credentials', () => {
      for (const options of everyWay(api))
        expect(reconcilingSource(provider, options).reconcile).toBeDefined();
    });

    test('is proved by samples: a resource, one that was deleted, and each way in which an answer can say so', () => {
      const events = fixtures.flatMap(eventsOf).flatMap(({ resource = [] }) => resource);
      const answers = fixtures.flatMap(({ resources = [] }) => resources).map(({ reads }) => reads.kind);
      const shapes = 'step' in provider.events ? [] : provider.events;
      expect(events.map(({ says }) => says)).toContain('stands');
      expect(answers).toContain('stands');
      if (shapes.some(({ resource }) => resource?.deletion))
        expect(events.map(({ says }) => says)).toContain('deleted');
      for (const [way, kind] of WAYS)
        if (shapes.some(({ resource }) => resource?.[way])) expect(answers, way).toContain(kind);
    });

    const source = reconcilingSource(provider);

    for (const fixture of fixtures) {
      describe.each(fixture.samples)('$name', ({ request, events }) => {
        const delivery = (): Promise<Delivery> => acceptedDelivery(fixture, source, { request, id: 'first' });

        test('leads to the resources of its events', async () => {
          const read = eventsIn(source, await delivery(), steps);
          expect(read.map(reconciled)).toEqual(events.map(expected));
        });

        test('leads nowhere else, whatever stands where an id does', async () => {
          expectHarmlessPaths(provider, await delivery(), steps);
        });
      });

      test.each(fixture.resources ?? [])('$name is read', async ({ path, body, reads }) => {
        const event = await eventAt(path);
        const { shape } = event.resource;
        const read = readAnswer(body, shape);
        expect(read).toEqual(reads);
        if (read.kind !== 'stands') return;
        // A version that some documents lack would make subjects of them that are fetched for ever.
        expect(read.version !== undefined).toBe(shape.version !== undefined);
        if (read.version !== undefined && event.version !== undefined)
          expect(read.version, 'of the same state').toBe(event.version);
      });
    }

    async function eventAt(path: string): Promise<Event & Required<Pick<Event, 'resource'>>> {
      for (const fixture of fixtures) {
        for (const { request } of fixture.samples) {
          const delivery = await acceptedDelivery(fixture, source, { request, id: 'first' });
          const events = eventsIn(source, delivery, steps).filter(hasResource);
          const event = events.find(({ resource }) => resource.path === path);
          if (event !== undefined) return event;
        }
      }
      throw new Error(`no sample is about ${path}`);
    }
  });
}

function readAnswer(body: string, shape: DocumentShape): ResourceSample['reads'] {
  const document = readJson(Buffer.from(body), {});
  if (document.kind === 'unreadable') throw new Error(document.explanation);
  const kind = answerKind(document.text, shape);
  return kind === 'resource' ? readResource(document.text, shape) : { kind };
}

/** What an answer is when tests of a shape hold, or do not. */
const WAYS = [
  ['deleted', 'deleted'],
  ['absent', 'absence'],
  ['valid', 'something-else'],
] as const;

/** Of an account, where each has its own. */
const ACCOUNT = 'https://account.example.com/api';

function everyWay({ baseUrls, auth }: ProviderApi): readonly SourceApiDefinition[] {
  const addresses = [...Object.keys(baseUrls ?? {}), ACCOUNT];
  return addresses.flatMap((baseUrl) => auth.map(({ kind }) => ({ baseUrl, auth: kind })));
}

function eventsIn(source: Source, delivery: Delivery, steps: Steps): readonly Event[] {
  const reading = readEvents(source, delivery, steps);
  if (reading.kind === 'unreadable') throw new Error(reading.explanation);
  return reading.events;
}

function hasResource(event: Event): event is Event & Required<Pick<Event, 'resource'>> {
  return event.resource !== undefined;
}

/** What only a source that reconciles reads of an event. */
type Reconciled = Pick<ExpectedEvent, 'subject'> & {
  readonly resource?: { readonly path: string; readonly says: string; readonly payload: string };
};

function reconciled({ subject, resource }: Event): Reconciled {
  if (resource === undefined) return { ...(subject && { subject }) };
  const { path, says, payload } = resource;
  return { ...(subject && { subject }), resource: { path, says, payload } };
}

function expected({ subject, resource }: ExpectedEvent): Reconciled {
  if (resource === undefined) return { ...(subject && { subject }) };
  const { subject: own, ...address } = resource;
  const about = own ?? subject;
  return {
    ...(about && { subject: about }),
    resource: { ...address, payload: own === undefined ? 'state' : 'nothing' },
  };
}

function eventsOf({ samples }: ProviderFixture): readonly ExpectedEvent[] {
  return samples.flatMap(({ events }) => events);
}

function resourcesOf(fixture: ProviderFixture): readonly unknown[] {
  return [...eventsOf(fixture).flatMap(({ resource = [] }) => resource), ...(fixture.resources ?? [])];
}
