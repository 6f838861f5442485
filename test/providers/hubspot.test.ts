import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hubspot } from '../../lib/providers/hubspot.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { read, readOne, reconcilingSource, sourceOf } from '../core/intake-cases.ts';
import { fixture, v1, v2 } from '../fixtures/hubspot.ts';

const { secret } = fixture;
const [{ request }] = fixture.samples;
const source = sourceOf(hubspot);

describe('the third scheme', () => {
  test('is over the URL in which some characters are decoded, and no others', async () => {
    const encoded = '%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B';
    const kept = '%20%26%3D%23%25%2B%22';
    const url = `https://hooks.example.com/hubspot?a=:/?@!$'()*,;&b=${kept}`;
    const time = String(request.receivedAt);
    const signature = createHmac('sha256', secret)
      .update(`POST${url}`)
      .update(request.body)
      .update(time)
      .digest('base64');
    const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': time };
    for (const query of [
      `a=${encoded}&b=${kept}`,
      `a=${encoded.toLowerCase()}&b=${kept}`,
      `a=:/?@!$'()*,;&b=${kept}`,
    ])
      expect(await outcomeOf(fixture, { ...request, query, headers }, [secret]), query).toBe(
        'verified by newest',
      );
    const decoded = `a=${encoded}&b=${decodeURIComponent(kept)}`;
    expect(await outcomeOf(fixture, { ...request, query: decoded, headers }, [secret])).toBe(
      'wrong-signature',
    );
  });

  test('is the only one that is looked at: the older ones beside it are no way around it', async () => {
    const older = {
      'x-hubspot-signature': createHash('sha256').update(secret).update(request.body).digest('hex'),
      'x-hubspot-signature-version': 'v1',
    };
    expect(await outcomeOf(fixture, { ...request, headers: older }, [secret])).toBe('missing-signature');
    const wrong = {
      ...request.headers,
      ...older,
      'x-hubspot-request-timestamp': String(request.receivedAt - 1),
    };
    expect(await outcomeOf(fixture, { ...request, headers: wrong }, [secret])).toBe('wrong-signature');
  });

  test('counts its time in milliseconds, five minutes either way', async () => {
    const at = async (ms: number): Promise<string> => {
      const signed = await signedAgain(fixture, request, {
        signer: secret,
        timestamp: request.receivedAt + ms,
      });
      return outcomeOf(fixture, signed, [secret]);
    };
    expect(await at(-300_000)).toBe('verified by newest');
    expect(await at(-300_001)).toBe('stale-timestamp');
    expect(await at(300_001)).toBe('future-timestamp');
  });
});

describe('the older schemes', () => {
  test('are each for itself: a signature of one is none of the other', async () => {
    const [[one], [two]] = [v1.samples, v2.samples];
    const named = (version: string) => ({ ...one.request.headers, 'x-hubspot-signature-version': version });
    expect(await outcomeOf(v2, { ...one.request, headers: named('v2') }, [secret])).toBe('wrong-signature');
    expect(await outcomeOf(v2, one.request, [secret])).toBe('malformed-signature');
    expect(await outcomeOf(v1, two.request, [secret])).toBe('malformed-signature');
    for (const version of ['v3', 'V1', 'v1,v1'])
      expect(await outcomeOf(v1, { ...one.request, headers: named(version) }, [secret]), version).toBe(
        'malformed-signature',
      );
  });
});

describe('an event of a batch', () => {
  const item = {
    eventId: 1,
    subscriptionId: 2,
    portalId: 3,
    occurredAt: 1_795_514_398_000,
    subscriptionType: 'deal.deletion',
  };
  const batch = (...items: object[]) => ({ body: JSON.stringify(items) });

  test('is known by more than its eventId, which need not be unique', async () => {
    const reading = await read(
      source,
      batch(item, { ...item, portalId: 4 }, { ...item, occurredAt: 1_795_514_399_000 }),
    );
    expect(reading).toMatchObject({
      events: [{ id: '3/2/1/1795514398000' }, { id: '4/2/1/1795514398000' }, { id: '3/2/1/1795514399000' }],
    });
  });

  test('is the same at its next attempt', async () => {
    const reading = await read(source, batch({ ...item, attemptNumber: 0 }, { ...item, attemptNumber: 1 }));
    if (reading.kind !== 'events') throw new Error(reading.explanation);
    const [first, second] = reading.events;
    expect(second?.key).toBe(first?.key);
    expect(second?.fingerprint).toBe(first?.fingerprint);
  });

  test('that is broken neither loses nor blocks the others', async () => {
    expect(await read(source, batch(item, {}, { ...item, eventId: 9 }))).toMatchObject({
      events: [{ id: '3/2/1/1795514398000' }, { id: '3/2/9/1795514398000' }],
      unreadable: [{ index: 1, reason: 'unidentified' }],
    });
  });
});

describe('the resource of an event', () => {
  const asking = reconcilingSource(hubspot);
  const about = async (type: string, more = ''): Promise<object | undefined> => {
    const body = `[{"portalId":1,"subscriptionId":2,"eventId":3,"occurredAt":1795514398123,"subscriptionType":"${type}","objectId":7${more}}]`;
    const { subject, resource } = await readOne(asking, { body });
    return resource && { subject, path: resource.path, says: resource.says };
  };

  test('is the same by the older and the newer type', async () => {
    const contact = { subject: 'contact/7', path: '/crm/v3/objects/0-1/7', says: 'stands' };
    expect(await about('contact.creation')).toEqual(contact);
    expect(await about('object.creation', ',"objectTypeId":"0-1"')).toEqual(contact);
    expect(await about('object.creation', ',"objectTypeId":"../0-1"')).toBeUndefined();
    expect(await about('object.creation')).toBeUndefined();
  });

  test('is gone after either kind of deletion, and back after a restoration', async () => {
    expect(await about('contact.privacyDeletion')).toMatchObject({ says: 'deleted' });
    expect(await about('object.deletion', ',"objectTypeId":"0-3"')).toMatchObject({ says: 'deleted' });
    expect(await about('deal.restore')).toMatchObject({ says: 'stands' });
  });
});
