import { describe, expect, test } from 'vitest';
import { acknowledge } from '../../lib/core/acknowledge.ts';
import { slack } from '../../lib/providers/slack.ts';
import { FORM_TYPE, read, readOne, sourceOf, verifiedOf } from '../core/intake-cases.ts';

const source = sourceOf(slack);
const callback = (event: object, more: object = {}) => ({
  body: JSON.stringify({
    type: 'event_callback',
    api_app_id: 'A1',
    team_id: 'T1',
    event_id: 'Ev1',
    event_time: 1_795_514_400,
    event,
    ...more,
  }),
});
const payload = (document: object) => ({
  body: `payload=${encodeURIComponent(JSON.stringify(document))}`,
  headers: FORM_TYPE,
});

describe('the subject of an event', () => {
  test.each([
    [
      'of a message',
      { type: 'message', channel: 'C1', ts: '1795514398.000200' },
      'messages/C1/1795514398.000200',
    ],
    [
      'of its edit',
      {
        type: 'message',
        subtype: 'message_changed',
        channel: 'C1',
        ts: '1795514399.1',
        message: { ts: '1795514398.000200' },
      },
      'messages/C1/1795514398.000200',
    ],
    [
      'of its deletion',
      {
        type: 'message',
        subtype: 'message_deleted',
        channel: 'C1',
        ts: '1795514399.2',
        deleted_ts: '1795514398.000200',
      },
      'messages/C1/1795514398.000200',
    ],
    ['of a channel given whole', { type: 'channel_created', channel: { id: 'C1' } }, 'channels/C1'],
    ['of a channel given by id', { type: 'channel_archive', channel: 'C1' }, 'channels/C1'],
    ['of a user', { type: 'user_change', user: { id: 'U1' } }, 'users/U1'],
    ['of a file', { type: 'file_change', file_id: 'F1' }, 'files/F1'],
  ])('%s is the resource', async (_, event, subject) => {
    expect(await readOne(source, callback(event))).toMatchObject({ subject });
  });

  test('is missing where the event is no state of a resource', async () => {
    for (const event of [
      { type: 'reaction_added', item: { channel: 'C1', ts: '1795514398.000200' }, event_ts: '1795514399.1' },
      { type: 'app_mention', channel: 'C1', ts: '1795514398.000200', event_ts: '1795514398.000200' },
    ]) {
      const read = await readOne(source, callback(event));
      expect(read).not.toHaveProperty('subject');
      expect(read).not.toHaveProperty('version');
    }
  });
});

test('microseconds order two states of one second', async () => {
  const at = async (event_ts: string) =>
    (await readOne(source, callback({ type: 'message', channel: 'C1', ts: '1.1', event_ts }))).version ?? '';
  expect((await at('1795514398.000201')) > (await at('1795514398.000200'))).toBe(true);
  expect((await at('1795514399.000000')) > (await at('1795514398.999999'))).toBe(true);
});

test('an event sent again after Slack replaced the token or looked up the authorizations is the same event', async () => {
  const event = { type: 'team_rename', name: 'x' };
  const first = await readOne(source, callback(event, { token: 'a', authorizations: [{ user_id: 'U1' }] }));
  const second = await readOne(source, callback(event, { token: 'b', authorizations: [{ user_id: 'U2' }] }));
  expect(second).toMatchObject({ key: first.key, fingerprint: first.fingerprint });
});

test('the events of two apps or workspaces on one source are kept apart', async () => {
  const keyOf = async (more: object) => (await readOne(source, callback({ type: 'message' }, more))).key;
  const keys = [
    await keyOf({}),
    await keyOf({ api_app_id: 'A2' }),
    await keyOf({ team_id: 'T2' }),
    await keyOf({ event_id: 'Ev2' }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

describe('interactivity', () => {
  test('is known by its trigger, and where there is none by its text', async () => {
    const user = { id: 'U1' };
    expect(await readOne(source, payload({ type: 'shortcut', user, trigger_id: '1.2.a' }))).toMatchObject({
      id: '1.2.a',
      type: 'interactivity.shortcut',
    });
    const closed = await readOne(source, payload({ type: 'view_closed', user, view: { id: 'V1' } }));
    expect(closed).toMatchObject({
      type: 'interactivity.view_closed',
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('is published as the document that the form carries', async () => {
    const document = { type: 'shortcut', user: { id: 'U1' }, trigger_id: '1' };
    expect((await readOne(source, payload(document))).payload).toEqual({
      kind: 'json',
      text: JSON.stringify(document),
    });
  });

  test('does not publish what the source redacts: a response_url is a credential', async () => {
    const redacting = sourceOf(slack, { redact: ['response_url', 'response_urls.*.response_url', 'token'] });
    const url = 'https://hooks.slack.com/actions/secret';
    const sent = payload({
      type: 'x',
      user: { id: 'U1' },
      trigger_id: '1',
      token: url,
      response_url: url,
      response_urls: [{ response_url: url }],
    });
    const command = {
      body: `command=%2Fx&trigger_id=1&response_url=${encodeURIComponent(url)}`,
      headers: FORM_TYPE,
    };
    for (const each of [sent, command]) {
      expect(JSON.stringify((await readOne(redacting, each)).payload)).not.toContain('secret');
    }
  });
});

test('what is neither an event, interactivity nor a command is dead, not guessed', async () => {
  for (const body of [
    '{"type":"url_verification"}',
    '{"type":"new_outer_type"}',
    '{}',
    '{"type":"event_callback","event":{"type":"message"}}',
  ]) {
    expect(await read(source, { body })).toMatchObject({
      events: [],
      unreadable: [{ reason: 'unidentified' }],
    });
  }
});

test('the notice that events are dropped has no event id, and is one a minute', async () => {
  const notice = (minute: number) => ({
    body: JSON.stringify({
      type: 'app_rate_limited',
      api_app_id: 'A1',
      team_id: 'T1',
      minute_rate_limited: minute,
    }),
  });
  const [first, again, later] = await Promise.all(
    [1_795_514_340, 1_795_514_340, 1_795_514_400].map((minute) => readOne(source, notice(minute))),
  );
  expect(again?.key).toBe(first?.key);
  expect(later?.key).not.toBe(first?.key);
});

test('the answer to a button is an empty 200, since Slack shows the user whatever stands in it', () => {
  const sent = verifiedOf(payload({ type: 'view_submission', user: { id: 'U1' }, trigger_id: '1' }));
  expect(acknowledge(source, sent, {})).toEqual({ status: 200, headers: {}, body: '' });
});
