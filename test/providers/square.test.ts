import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { square } from '../../lib/providers/square.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/square.ts';

const [{ request }] = fixture.samples;

describe('a signature', () => {
  test('is never the SHA-1 of the legacy header, neither alone nor beside a wrong one', async () => {
    const sha1 = createHmac('sha1', fixture.secret)
      .update('https://hooks.example.com/square')
      .update(request.body)
      .digest('base64');
    const { 'x-square-hmacsha256-signature': good, ...headers } = {
      'x-square-hmacsha256-signature': '',
      ...request.headers,
    };
    expect(
      await outcomeOf(fixture, { ...request, headers: { ...headers, 'x-square-signature': sha1 } }, [
        fixture.secret,
      ]),
    ).toBe('missing-signature');
    const wrong = good.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'));
    const both = { ...headers, 'x-square-signature': sha1, 'x-square-hmacsha256-signature': wrong };
    expect(await outcomeOf(fixture, { ...request, headers: both }, [fixture.secret])).toBe('wrong-signature');
  });

  test('is over the configured URL, whatever host the request names', async () => {
    const headers = { ...request.headers, host: 'evil.example.com', 'x-forwarded-host': 'evil.example.com' };
    expect(await outcomeOf(fixture, { ...request, headers }, [fixture.secret])).toBe('verified by newest');
    expect(
      await outcomeOf({ ...fixture, publicUrl: 'https://evil.example.com' }, { ...request, headers }, [
        fixture.secret,
      ]),
    ).toBe('wrong-signature');
  });

  test('covers the path and the query as they were registered', async () => {
    for (const other of [{ path: '/square/' }, { path: '/Square' }, { query: 'a=1' }])
      expect(await outcomeOf(fixture, { ...request, ...other }, [fixture.secret])).toBe('wrong-signature');
  });

  test('may be that of any subscription on the URL, each with a key of its own', async () => {
    expect(await outcomeOf(fixture, request, ['key of another subscription', fixture.secret])).toBe(
      'verified by older',
    );
  });
});

test('what happened to an order is about the order, and ordered by its version', async () => {
  const source = sourceOf(square);
  const of = (type: string, version: number) =>
    readOne(source, {
      body: JSON.stringify({
        event_id: 'e',
        type: 'order.x',
        data: { type, id: 'o1', object: { [type]: { version } } },
      }),
    });
  expect(await of('order_created', 1)).toMatchObject({
    subject: 'order/o1',
    version: '00000000000000000001',
  });
  expect(await of('order_updated', 12)).toMatchObject({
    subject: 'order/o1',
    version: '00000000000000000012',
  });
  // It says what changed, and not how the order stands.
  expect((await of('order_fulfillment_updated', 13)).subject).toBeUndefined();
});
