import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { acknowledge } from '../../lib/core/acknowledge.ts';
import type { Request } from '../../lib/core/request.ts';
import { adyen } from '../../lib/providers/adyen.ts';
import { adyenPlatform } from '../../lib/providers/adyen-platform.ts';
import { post } from '../contracts/provider-fixture.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { JSON_TYPE, read, readOne, sourceOf, verifiedOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/adyen.ts';

const KEY = Buffer.from(fixture.secret, 'hex');
const source = sourceOf(adyen);

interface Item {
  readonly pspReference?: unknown;
  readonly originalReference?: unknown;
  readonly merchantReference?: unknown;
  readonly amount?: unknown;
  readonly success?: unknown;
  readonly [name: string]: unknown;
}

/** Signed by node:crypto alone, over the eight values as given. */
function item(
  fields: Item,
  signed: readonly string[] = ['8', '', 'M', '', '1', 'EUR', 'CAPTURE', 'true'],
  key: Buffer = KEY,
): object {
  const hmacSignature = createHmac('sha256', key).update(signed.join(':')).digest('base64');
  return {
    NotificationRequestItem: {
      additionalData: { hmacSignature },
      pspReference: '8',
      merchantAccountCode: 'M',
      amount: { value: 1, currency: 'EUR' },
      eventCode: 'CAPTURE',
      success: 'true',
      ...fields,
    },
  };
}

const sent = (...items: readonly object[]): Request =>
  post(
    '/adyen',
    JSON_TYPE,
    JSON.stringify({ live: 'false', notificationItems: items }),
    '2026-11-24T10:00:00Z',
  );
const outcome = (request: Request, ...secrets: readonly string[]): Promise<string> =>
  outcomeOf(fixture, request, secrets.length === 0 ? [fixture.secret] : secrets);

describe('a list of items', () => {
  test('is accepted when each of them is signed, and only then', async () => {
    expect(await outcome(sent(item({}), item({})))).toBe('verified by newest');
    expect(await outcome(sent(item({}), item({ success: 'false' })))).toBe('wrong-signature');
    expect(await outcome(sent(item({}), item({ additionalData: {} })))).toBe('missing-signature');
    expect(await outcome(sent(item({}), item({ additionalData: null })))).toBe('missing-signature');
    expect(await outcome(sent(item({}), {}))).toBe('missing-signature');
  });

  test('that is empty, or no list, proves nothing', async () => {
    expect(await outcome(sent())).toBe('missing-signature');
    for (const body of ['{}', '[]', '{"notificationItems":{"0":{}}}', '"x"'])
      expect(await outcome(post('/adyen', JSON_TYPE, body, '2026-11-24T10:00:00Z')), body).toBe(
        'missing-signature',
      );
    expect(await outcome(post('/adyen', JSON_TYPE, '{"notificationItems":[', '2026-11-24T10:00:00Z'))).toBe(
      'malformed-signature',
    );
    expect(await outcome(post('/adyen', {}, sent(item({})).body.toString(), '2026-11-24T10:00:00Z'))).toBe(
      'malformed-signature',
    );
  });

  test('may be signed with several keys while they change', async () => {
    const other = Buffer.alloc(32, 7);
    const mixed = sent(item({}), item({}, undefined, other));
    expect(await outcome(mixed, fixture.secret, other.toString('hex'))).toBe('verified by older');
    expect(await outcome(mixed)).toBe('wrong-signature');
  });

  test('is one event for each, of which a bad one does not hold back the others', async () => {
    const { body } = sent(
      item({ pspReference: '1' }),
      item({ eventCode: undefined }),
      item({ pspReference: '3' }),
    );
    expect(await read(source, { body })).toMatchObject({
      events: [{ id: '1/CAPTURE/true/' }, { id: '3/CAPTURE/true/' }],
      unreadable: [{ index: 1, reason: 'unidentified' }],
    });
  });
});

describe('what is signed of an item', () => {
  test('is joined as it is: nothing is escaped, and what is missing is empty', async () => {
    const signed = ['8', '', 'M', 'a:b\\c', '1', 'EUR', 'CAPTURE', 'true'];
    expect(await outcome(sent(item({ merchantReference: 'a:b\\c' }, signed)))).toBe('verified by newest');
    expect(await outcome(sent(item({ merchantReference: null, originalReference: '' })))).toBe(
      'verified by newest',
    );
    expect(
      await outcome(sent(item({ amount: undefined }, ['8', '', 'M', '', '', '', 'CAPTURE', 'true']))),
    ).toBe('verified by newest');
  });

  test('counts a boolean as its word', async () => {
    expect(await outcome(sent(item({ success: true })))).toBe('verified by newest');
    expect(await outcome(sent(item({ success: false })))).toBe('wrong-signature');
  });

  test('is text: a list or an object is not taken for nothing', async () => {
    for (const value of [[], ['x'], {}])
      expect(await outcome(sent(item({ merchantReference: value })))).toBe('malformed-signature');
  });

  test('orders nothing by a time that is not signed', async () => {
    const event = await readOne(source, {
      body: sent(item({ eventDate: '2026-11-24T10:59:58+01:00' })).body,
    });
    expect(event).toMatchObject({ time: Date.UTC(2026, 10, 24, 9, 59, 58) });
    expect(event.version).toBeUndefined();
  });
});

describe('a key', () => {
  test('is hex, in either case; as text it is another key', async () => {
    expect(await outcome(sent(item({})), fixture.secret.toLowerCase())).toBe('verified by newest');
    expect(await outcome(sent(item({}, undefined, Buffer.from(fixture.secret))))).toBe('wrong-signature');
    expect(await outcome(sent(item({})), 'no hex at all')).toBe('no-secret');
  });
});

test('is answered with [accepted]', () => {
  for (const provider of [adyen, adyenPlatform]) {
    const answer = acknowledge(sourceOf(provider), verifiedOf({ body: '{}' }), {});
    expect(answer).toEqual({
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: '[accepted]',
    });
  }
});

test('a modification is about the payment that it changes', async () => {
  const { body } = sent(item({ originalReference: '7' }));
  expect(await readOne(source, { body })).toMatchObject({ id: '8/CAPTURE/true/7', subject: 'payment/7' });
});
