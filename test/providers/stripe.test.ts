import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { stripe } from '../../lib/providers/stripe.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { JSON_TYPE, read, readOne, reconcilingSource, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/stripe.ts';

const source = sourceOf(stripe);
const { secret } = fixture;
const [{ request }] = fixture.samples;
const t = Math.floor(request.receivedAt / 1000);

function mac(time: number | string, key: string | Buffer = secret): string {
  return createHmac('sha256', key).update(`${time}.`).update(request.body).digest('hex');
}

function send(header: string, secrets: readonly string[] = [secret]): Promise<string> {
  return outcomeOf(
    fixture,
    { ...request, headers: { ...request.headers, 'stripe-signature': header } },
    secrets,
  );
}

const event = (more: string, id = 'evt_1') => ({
  headers: JSON_TYPE,
  body: `{"id":"${id}","object":"event","type":"invoice.paid","created":1795514398,${more}}`,
});

describe('the signature', () => {
  test('is made with the whole text of the secret, whsec_ included and nothing decoded', async () => {
    expect(await send(`t=${t},v1=${mac(t)}`)).toBe('verified by newest');
    const bare = secret.replace('whsec_', '');
    expect(await send(`t=${t},v1=${mac(t, bare)}`)).toBe('wrong-signature');
    expect(await send(`t=${t},v1=${mac(t, Buffer.from(bare, 'base64'))}`)).toBe('wrong-signature');
  });

  test('counts only as v1: v0 and versions to come are a downgrade', async () => {
    for (const version of ['v0', 'v2', 'V1', 'v10', '']) {
      expect(await send(`t=${t},${version}=${mac(t)}`), version).toBe('malformed-signature');
    }
    expect(await send(`t=${t},v0=${mac(t, 'other')},v1=${mac(t)}`)).toBe('verified by newest');
  });

  test('may be one of several, of one endpoint or of another mode', async () => {
    const header = `t=${t},v1=${mac(t, 'whsec_rolled')},v1=${mac(t)}`;
    expect(await send(header)).toBe('verified by newest');
    expect(await send(header, ['whsec_live', 'whsec_rolled'])).toBe('verified by older');
  });

  test('is made for one time: a second one is refused, whichever comes last', async () => {
    const stale = t - 86_400;
    for (const header of [
      `t=${t},t=${stale},v1=${mac(stale)}`,
      `t=${stale},t=${t},v1=${mac(stale)}`,
      `t=${t},v1=${mac(t)},t=${t}`,
    ]) {
      expect(await send(header), header).toBe('malformed-timestamp');
    }
  });

  test('is refused with a time that is no number, however it was signed', async () => {
    for (const time of ['NaN', 'abc', '', `${t}abc`, `-${t}`, `${t}.5`]) {
      expect(await send(`t=${time},v1=${mac(time)}`), time).toMatch(/^(malformed|missing)-timestamp$/);
    }
  });

  test('is refused in the unsigned envelope of EventBridge', async () => {
    const envelope = `{"detail-type":"customer.updated","source":"aws.partner/stripe.com","detail":${request.body.toString()}}`;
    const unsigned = { ...request, body: Buffer.from(envelope), headers: JSON_TYPE };
    expect(await outcomeOf(fixture, unsigned, [secret])).toBe('missing-signature');
    expect(await read(source, { body: envelope })).toMatchObject({
      unreadable: [{ reason: 'unidentified' }],
    });
  });
});

describe('an event', () => {
  test('has one key per account, and the same when fewer destinations are pending', async () => {
    const own = await readOne(source, event('"pending_webhooks":2'));
    expect(own.key).toBe('evt_1');
    const retried = await readOne(source, event('"pending_webhooks":1'));
    expect([retried.key, retried.fingerprint]).toEqual([own.key, own.fingerprint]);
    const changed = await readOne(source, event('"pending_webhooks":1,"livemode":true'));
    expect(changed.fingerprint).not.toBe(own.fingerprint);
    expect((await readOne(source, event('"account":"acct_1"'))).key).toBe('acct_1/evt_1');
    const thin =
      '{"id":"evt_2","object":"v2.core.event","type":"a","created":"2026-11-24T09:59:58Z","context":"acct_2"}';
    expect((await readOne(source, { body: thin })).key).toBe('acct_2/evt_2');
  });

  test('without an object of its own is about no resource', async () => {
    const upcoming = event('"data":{"object":{"object":"invoice","total":1}}');
    expect(await readOne(source, upcoming)).not.toHaveProperty('subject');
    const unrelated =
      '{"id":"evt_3","object":"v2.core.event","type":"v2.core.event_destination.ping","created":"2026-11-24T09:59:58Z","related_object":null}';
    expect(await readOne(source, { body: unrelated })).not.toHaveProperty('subject');
  });

  test('orders states only where it carries one, and not within one second', async () => {
    const snapshot = event('"data":{"object":{"id":"in_1","object":"invoice"}}');
    const thin =
      '{"id":"evt_2","object":"v2.core.event","type":"a","created":"2026-11-24T09:59:58Z","related_object":{"id":"in_1","type":"invoice"}}';
    const [first, second] = [await readOne(source, snapshot), await readOne(source, { body: thin })];
    expect(first.subject).toBe('invoice/in_1');
    // The first event of a subject is its newest state, and gets a place in the order: a thin one has no state to apply.
    expect(second).not.toHaveProperty('subject');
    expect(second).not.toHaveProperty('version');
    const twin = await readOne(source, { ...snapshot, body: snapshot.body.replace('evt_1', 'evt_9') });
    expect(twin.version).toBe(first.version);
  });

  test('of neither kind is not guessed at', async () => {
    for (const object of ['list', 'v2.core.event_destination', '']) {
      const body = `{"id":"evt_1","object":"${object}","type":"a","created":1}`;
      expect(await read(source, { body }), object).toMatchObject({
        unreadable: [{ reason: 'unidentified' }],
      });
    }
  });
});

describe('the resource of an event', () => {
  const asking = reconcilingSource(stripe);
  const pathOf = async (body: string): Promise<string | undefined> =>
    (await readOne(asking, { body })).resource?.path;
  const snapshot = (object: string, more = ''): string =>
    `{"id":"evt_1","object":"event","type":"a","created":1795514398,${more}"data":{"object":${object}}}`;
  const thin = (related: string, more = ''): string =>
    `{"id":"evt_2","object":"v2.core.event","type":"a","created":"2026-11-24T09:59:58Z",${more}"related_object":${related}}`;

  test('is never one of another account, which the key would not find and take for deleted', async () => {
    const customer = '{"id":"cus_1","object":"customer"}';
    expect(await pathOf(snapshot(customer))).toBe('/v1/customers/cus_1');
    expect(await pathOf(snapshot(customer, '"account":"acct_1",'))).toBeUndefined();
    const related = '{"id":"cus_1","type":"customer","url":"/v1/customers/cus_1"}';
    expect(await pathOf(thin(related, '"context":null,'))).toBe('/v1/customers/cus_1');
    expect(await pathOf(thin(related, '"context":"acct_1",'))).toBeUndefined();
  });

  test('is a connected account itself, or one of its persons', async () => {
    expect(await pathOf(snapshot('{"id":"acct_1","object":"account"}', '"account":"acct_1",'))).toBe(
      '/v1/accounts/acct_1',
    );
    const person = '{"id":"person_1","object":"person","account":"acct_1"}';
    expect(await pathOf(snapshot(person, '"account":"acct_1",'))).toBe(
      '/v1/accounts/acct_1/persons/person_1',
    );
  });

  test('is not where the event says it is, but where its kind is read', async () => {
    expect(await pathOf(thin('{"id":"cus_1","type":"customer","url":"/v1/accounts"}'))).toBe(
      '/v1/customers/cus_1',
    );
    expect(await pathOf(thin('{"id":"x_1","type":"v9.thing","url":"/v9/things/x_1"}'))).toBeUndefined();
  });

  test('may have an id that a merchant chose', async () => {
    expect(await pathOf(snapshot('{"id":"Söldes & co","object":"coupon"}'))).toBe(
      '/v1/coupons/S%C3%B6ldes%20%26%20co',
    );
    expect(await pathOf(snapshot('{"id":"../customers/cus_1","object":"coupon"}'))).toBeUndefined();
  });

  test('still stands when a subscription is cancelled, though the event says deleted', async () => {
    const subscription = snapshot('{"id":"sub_1","object":"subscription"}').replace(
      '"type":"a"',
      '"type":"customer.subscription.deleted"',
    );
    expect((await readOne(asking, { body: subscription })).resource?.says).toBe('stands');
    const product = thin('{"id":"prod_1","type":"product"}').replace(
      '"type":"a"',
      '"type":"v1.product.deleted"',
    );
    expect((await readOne(asking, { body: product })).resource).toMatchObject({
      path: '/v1/products/prod_1',
      says: 'deleted',
      payload: 'nothing',
    });
  });
});
