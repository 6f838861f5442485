import { describe, expect, test } from 'vitest';
import type { DeliveryId } from '../../lib/core/delivery.ts';
import { readEvents } from '../../lib/core/identify.ts';
import { ingest } from '../../lib/core/ingest.ts';
import { answerTo } from '../../lib/core/ingest-outcome.ts';
import { openInlet } from '../../lib/core/inlet.ts';
import { mollieClassic } from '../../lib/providers/mollie.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { deliveryOf, FORM_TYPE, read, readOne, sourceOf } from '../core/intake-cases.ts';
import { secretsOf, world } from '../core/intake-world.ts';
import { before, fixture, signatures } from '../fixtures/mollie.ts';
import { fixture as classic } from '../fixtures/mollie-classic.ts';

const source = sourceOf(mollieClassic);
const [{ request }] = fixture.samples;

describe('while the secret changes', () => {
  const both = `${signatures.newest},${signatures.before}`;
  const check = (value: string, ...secrets: readonly string[]) =>
    outcomeOf(fixture, { ...request, headers: { ...request.headers, 'x-mollie-signature': value } }, secrets);

  test('either of the two headers is enough, whichever secret is stored', async () => {
    for (const value of [both, `${signatures.before},${signatures.newest}`]) {
      expect(await check(value, fixture.secret)).toBe('verified by newest');
      expect(await check(value, before)).toBe('verified by newest');
      expect(await check(value, 'another')).toBe('wrong-signature');
    }
  });

  test('a bare digest is no signature, although the SDK takes one', async () => {
    expect(await check(signatures.newest.slice('sha256='.length), fixture.secret)).toBe(
      'malformed-signature',
    );
  });
});

test('a call without a signature is not let in as a classic one', async () => {
  const { 'x-mollie-signature': _, ...headers } = request.headers;
  expect(await outcomeOf(fixture, { ...request, headers }, [fixture.secret])).toBe('missing-signature');
});

describe('a classic call', () => {
  const body = 'id=tr_5B8cwPMGnU6qLbRvo7qEZo';

  test('with the id of one before is another event', () => {
    const keys = ['d1', 'd2'].map((id) => {
      const delivery = { ...deliveryOf(source, { body, headers: FORM_TYPE }), id: id as DeliveryId };
      const reading = readEvents(source, delivery, {});
      return reading.kind === 'events' ? reading.events.map(({ key }) => key) : reading;
    });
    expect(keys).toEqual([['d1'], ['d2']]);
  });

  test.each(['id=..%2Fprofiles', 'id=tr_1%3Ftestmode=1', 'id=tr_1%0A', 'id=', 'x=tr_1', 'id=a&id=b'])(
    'with what is no id is a dead letter: %s',
    async (sent) => {
      expect(await read(source, { body: sent, headers: FORM_TYPE })).toMatchObject({
        events: [],
        unreadable: [{ reason: 'unidentified' }],
      });
    },
  );

  test('keeps its token out of what is queued and published', async () => {
    const [sample] = classic.samples;
    const ports = world({
      secrets: { read: async () => secretsOf(classic.secret), refresh: async () => undefined },
    });
    const outcome = await ingest({
      inlet: await openInlet(source),
      request: sample.request,
      id: 'd1' as DeliveryId,
      publicUrl: 'https://hooks.example.com',
      ports,
    });
    expect(answerTo(outcome).status).toBe(200);
    expect(ports.sent).toHaveLength(1);
    expect(JSON.stringify(ports.sent)).not.toContain(classic.secret);
    expect((await readOne(source, { body, headers: FORM_TYPE })).payload).toEqual({
      kind: 'json',
      text: '{"id":"tr_5B8cwPMGnU6qLbRvo7qEZo"}',
    });
  });
});
