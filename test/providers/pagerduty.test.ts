import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { pagerduty } from '../../lib/providers/pagerduty.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { JSON_TYPE, readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/pagerduty.ts';

const source = sourceOf(pagerduty);
const [{ request }] = fixture.samples;
const mac = (secret: string) => createHmac('sha256', secret).update(request.body).digest('hex');
const check = (value: string) =>
  outcomeOf(fixture, { ...request, headers: { 'x-pagerduty-signature': value } }, [fixture.secret]);

describe('of several signatures', () => {
  const [ours, other] = [mac(fixture.secret), mac('another')];

  test('one that fits is enough, wherever it stands', async () => {
    for (const value of [`v1=${other},v1=${ours}`, `v1=${ours},v1=${other}`])
      expect(await check(value), value).toBe('verified by newest');
    expect(await check(`v1=${other},v1=${other}`)).toBe('wrong-signature');
  });

  test('those of another version are passed over, and are none alone', async () => {
    expect(await check(`v2=${other},v1=${ours}`)).toBe('verified by newest');
    expect(await check(`v2=${ours},v1=${other}`)).toBe('wrong-signature');
    expect(await check(`v2=${ours}`)).toBe('malformed-signature');
    expect(await check(ours)).toBe('malformed-signature');
  });
});

describe('an event', () => {
  const of = (event: object, webhookId = 'w') =>
    readOne(source, {
      body: JSON.stringify({
        event: {
          id: 'e',
          event_type: 'incident.triggered',
          occurred_at: '2026-11-24T09:59:58.169Z',
          ...event,
        },
      }),
      headers: { ...JSON_TYPE, 'x-webhook-id': webhookId },
    });

  test('is known by its own id, which is signed: X-Webhook-Id is not', async () => {
    const [first, again] = [await of({}), await of({}, 'another')];
    expect(again.key).toBe(first.key);
    expect(again.fingerprint).toBe(first.fingerprint);
  });

  test('is about an incident only where it carries one', async () => {
    const data = { id: 'P', type: 'incident' };
    expect((await of({ data })).subject).toBe('incident/P');
    expect((await of({ data: { id: 'N', type: 'incident_note', incident: data } })).subject).toBeUndefined();
  });

  test('of a test has a shape of its own, and is one all the same', async () => {
    const data = { message: 'Hello from your friend Pagey!', type: 'ping' };
    expect(await of({ event_type: 'pagey.ping', resource_type: 'pagey', data })).toMatchObject({
      type: 'pagey.ping',
    });
  });
});
