import { describe, expect, test } from 'vitest';
import type { Provider } from '../../lib/core/provider.ts';
import { instagram, messenger, meta, whatsapp } from '../../lib/providers/meta.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { read, readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/meta.ts';

const bodyOf = (object: string, ...entry: object[]) => ({ body: JSON.stringify({ object, entry }) });
const one = (provider: Provider, entry: object) => readOne(sourceOf(provider), bodyOf('page', entry));

/** Types and ids, in order. */
async function namesIn(provider: Provider, ...entry: object[]): Promise<readonly (readonly string[])[]> {
  const reading = await read(sourceOf(provider), bodyOf('page', ...entry));
  if (reading.kind !== 'events') throw new Error(reading.explanation);
  expect(reading.unreadable).toEqual([]);
  return reading.events.map(({ type, id }) => [type, id]);
}

describe('a signature', () => {
  const [{ request }] = fixture.samples;

  test('is over the escapes as they were sent: JSON that was parsed and written again is another text', async () => {
    const rewritten = Buffer.from(JSON.stringify(JSON.parse(request.body.toString())));
    expect(rewritten.toString()).toContain('Grüße');
    expect(await outcomeOf(fixture, { ...request, body: rewritten }, [fixture.secret])).toBe(
      'wrong-signature',
    );
  });

  test('is not made with the verify token, whoever knows that', async () => {
    expect(await outcomeOf(fixture, request, [fixture.verifyToken ?? ''])).toBe('wrong-signature');
  });
});

describe('a batch', () => {
  const message = (id: string) => ({ id, type: 'text', timestamp: '1795514398' });
  const value = (more: object) => ({ metadata: { phone_number_id: '1' }, ...more });

  test('loses nothing that stands beside messages: statuses, other fields, entries without changes', async () => {
    expect(
      await namesIn(
        whatsapp,
        {
          id: 'a',
          time: 1,
          changes: [
            {
              field: 'messages',
              value: value({
                messages: [message('m1'), message('m2')],
                statuses: [{ id: 'm0', status: 'read', timestamp: '1795514398' }],
              }),
            },
            { field: 'account_update', value: { event: 'VERIFIED_ACCOUNT' } },
          ],
        },
        { id: 'b', time: 2, changed_fields: ['x'] },
      ),
    ).toEqual([
      ['message.text', 'message/m1'],
      ['message.text', 'message/m2'],
      ['status.read', 'status/m0/read/1795514398'],
      ['account_update', expect.stringMatching(/^1\/[0-9a-f]{64}$/)],
      ['update', expect.stringMatching(/^2\/[0-9a-f]{64}$/)],
    ]);
  });

  test('with a broken item neither loses nor blocks the others', async () => {
    const changes = [
      { field: 'messages', value: value({ messages: [{ id: 'm1' }, message('m2')] }) },
      { field: 'feed', value: {} },
    ];
    const reading = await read(sourceOf(whatsapp), bodyOf('page', { id: 'a', time: 1, changes }));
    expect(reading).toMatchObject({
      events: [{ id: 'message/m2' }, { type: 'feed' }],
      unreadable: [{ index: 0, reason: 'unidentified' }],
    });
  });

  test('that is sent again in another one holds the same events', async () => {
    const changes = (...ids: string[]) => ({
      id: 'a',
      changes: [{ field: 'messages', value: value({ messages: ids.map(message) }) }],
    });
    const first = await one(whatsapp, { ...changes('m1'), time: 1 });
    const reading = await read(
      sourceOf(whatsapp),
      bodyOf('page', { ...changes('m0', 'm1'), time: 2, messaging: [] }),
    );
    const again = reading.kind === 'events' ? reading.events[1] : undefined;
    expect(again).toMatchObject({ key: first.key, fingerprint: first.fingerprint });
  });
});

describe('an event', () => {
  const change = (time: number) => ({
    id: 'a',
    time,
    changes: [{ field: 'phone_number_quality_update', value: { event: 'FLAGGED' } }],
  });

  test('without an id is another one when it happens again', async () => {
    expect((await one(whatsapp, change(1))).key).not.toBe((await one(whatsapp, change(2))).key);
    expect((await one(whatsapp, change(1))).key).toBe((await one(whatsapp, change(1))).key);
  });

  test('of a message is the same under another link to its picture', async () => {
    const chat = (time: number, url: string) => ({
      id: 'a',
      time,
      messaging: [
        { sender: { id: '7' }, timestamp: 1, message: { mid: 'm', attachments: [{ payload: { url } }] } },
      ],
    });
    const [first, again] = [await one(messenger, chat(1, 'u')), await one(messenger, chat(2, 'v'))];
    expect(again.key).toBe(first.key);
    expect(again.fingerprint).toBe(first.fingerprint);
  });

  test('that takes a message back is no copy of it, and neither is its echo', async () => {
    const chat = (more: object) => ({
      id: 'a',
      messaging: [{ sender: { id: '7' }, timestamp: 1, message: { mid: 'm', ...more } }],
    });
    const ids = [{}, { is_deleted: true }, { is_echo: true }].map(
      async (more) => (await one(instagram, chat(more))).id,
    );
    expect(await Promise.all(ids)).toEqual(['a/message/m', 'a/message_deleted/m', 'a/message_echo/m']);
  });

  test('of a status is one for each member of a group, and orders only what is said of a message alone', async () => {
    const status = (more: object) => ({
      id: 'a',
      changes: [
        { field: 'messages', value: value({ id: 'w', status: 'read', timestamp: '1795514398', ...more }) },
      ],
    });
    const value = (item: object) => ({ statuses: [item] });
    const [alone, member, other] = [
      await one(whatsapp, status({})),
      await one(whatsapp, status({ recipient_participant_id: '1' })),
      await one(whatsapp, status({ recipient_participant_id: '2' })),
    ];
    expect(alone).toMatchObject({ subject: 'message/w', version: '01795514398000000000' });
    expect(member.subject).toBeUndefined();
    expect(new Set([alone.key, member.key, other.key]).size).toBe(3);
  });

  test('names its object where several share a URL', async () => {
    const of = async (object: string) =>
      (await readOne(sourceOf(meta), bodyOf(object, { id: 'a', time: 1, changes: [{ field: 'feed' }] })))
        .type;
    expect(await of('page')).toBe('page.feed');
    expect(await of('user')).toBe('user.feed');
  });

  test.each([
    ['postback', { postback: { title: 'Open', payload: 'OPEN' } }],
    ['reaction', { reaction: { mid: 'm', action: 'react', emoji: '❤' } }],
    ['read', { read: { watermark: 1 } }],
    ['read', { read: { mid: 'm' } }],
    ['delivery', { delivery: { mids: ['m'], watermark: 1 } }],
    ['optin', { optin: { ref: 'door' } }],
    ['referral', { referral: { ref: 'door', source: 'SHORTLINK' } }],
    ['message_edit', { message_edit: { mid: 'm', num_edit: 1 } }],
    ['pass_thread_control', { pass_thread_control: { new_owner_app_id: '1' } }],
    ['messaging', { something_new: { a: 1 } }],
  ])('of a chat is of the type %s', async (type, item) => {
    const chat = { id: 'a', messaging: [{ sender: { id: '7' }, timestamp: 1_795_514_398_000, ...item }] };
    expect(await one(messenger, chat)).toMatchObject({ type, time: 1_795_514_398_000 });
  });

  test('of a thread that another app has is of the type standby', async () => {
    const standby = [{ sender: { id: '7' }, timestamp: 1_795_514_398_000, message: { mid: 'm' } }];
    expect(await one(messenger, { id: 'a', standby })).toMatchObject({
      type: 'standby',
      id: 'a/standby/m',
    });
  });
});
