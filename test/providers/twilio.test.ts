import { describe, expect, test } from 'vitest';
import { twilio } from '../../lib/providers/twilio.ts';
import { signedAgain, verifyWith } from '../contracts/signed-request.ts';
import { FORM_TYPE, read, readOne, reconcilingSource, requestOf, sourceOf } from '../core/intake-cases.ts';

const source = sourceOf(twilio);
const form = (fields: Record<string, string>) => ({
  body: new URLSearchParams(fields).toString(),
  headers: FORM_TYPE,
});
const one = (fields: Record<string, string>) => readOne(source, form({ AccountSid: 'AC1', ...fields }));

describe('the type, id and subject of a form', () => {
  test.each([
    ['a status', { MessageSid: 'SM1', MessageStatus: 'sent' }, 'message.sent', 'SM1/sent', 'Messages/SM1'],
    [
      'a status with an error',
      { MessageSid: 'SM1', MessageStatus: 'failed', ErrorCode: '30003' },
      'message.failed',
      'SM1/failed/30003',
      'Messages/SM1',
    ],
    [
      'an incoming message',
      { MessageSid: 'SM1', SmsStatus: 'received', Body: 'hi' },
      'message.received',
      'SM1/received',
      'Messages/SM1',
    ],
    [
      'an older form of it',
      { SmsSid: 'SM1', Body: 'hi' },
      'message.received',
      'SM1/received',
      'Messages/SM1',
    ],
    [
      'a numbered call',
      { CallSid: 'CA1', CallStatus: 'ringing', SequenceNumber: '1' },
      'call.ringing',
      'CA1/ringing/1',
      'Calls/CA1',
    ],
    [
      'a recording',
      { RecordingSid: 'RE1', RecordingStatus: 'completed', CallSid: 'CA1', CallStatus: 'x' },
      'recording.completed',
      'RE1/completed',
      'Recordings/RE1',
    ],
    [
      'a transcription',
      { TranscriptionSid: 'TR1', TranscriptionStatus: 'completed', RecordingSid: 'RE1' },
      'transcription.completed',
      'TR1/completed',
      'Transcriptions/TR1',
    ],
    [
      'a conversation’s message',
      {
        EventType: 'onMessageAdded',
        ConversationSid: 'CH1',
        MessageSid: 'IM1',
        ParticipantSid: 'MB1',
        DateCreated: '2026-11-24T10:00:00.123Z',
      },
      'conversation.onMessageAdded',
      'onMessageAdded/CH1/Messages/IM1/2026-11-24T10:00:00.123Z',
      'Conversations/CH1/Messages/IM1',
    ],
    [
      'a conversation',
      {
        EventType: 'onConversationUpdated',
        ConversationSid: 'CH1',
        DateUpdated: '2026-11-24T10:00:00Z',
        DateCreated: '2025-01-01T00:00:00Z',
      },
      'conversation.onConversationUpdated',
      'onConversationUpdated/CH1/2026-11-24T10:00:00Z',
      'Conversations/CH1',
    ],
  ])('of %s follow from its fields', async (_, fields, type, id, subject) => {
    expect(await one(fields)).toMatchObject({ type, id, subject });
  });

  test('of an unnumbered call include its text: one status can bring many requests', async () => {
    const [digits, more] = [
      await one({ CallSid: 'CA1', CallStatus: 'in-progress', Digits: '1' }),
      await one({ CallSid: 'CA1', CallStatus: 'in-progress', Digits: '2' }),
    ];
    expect(digits.id).not.toBe(more.id);
    expect(digits.id).toMatch(/^CA1\/in-progress\/[0-9a-f]{64}$/);
    expect(digits).not.toHaveProperty('subject');
  });

  test('of other products are their own name and the digest of their text', async () => {
    expect(await one({ EventType: 'task.created', TaskSid: 'WT1' })).toMatchObject({
      type: 'event.task.created',
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await one({ StatusCallbackEvent: 'participant-join', ConferenceSid: 'CF1' })).toMatchObject({
      type: 'event.participant-join',
    });
    expect(await one({ X: '1' })).toMatchObject({ type: 'event' });
    expect(await read(source, form({ X: '1' }))).toMatchObject({
      events: [],
      unreadable: [{ reason: 'unidentified' }],
    });
  });
});

describe('the order of statuses', () => {
  const rank = async (MessageStatus: string) =>
    (await one({ MessageSid: 'SM1', MessageStatus })).version ?? '';

  test('is the way that a message takes', async () => {
    const way = ['accepted', 'scheduled', 'queued', 'sending', 'sent', 'delivered', 'read'];
    const ranks = await Promise.all(way.map(rank));
    expect([...new Set(ranks)].sort()).toEqual(ranks);
  });

  test('is open between ends, and for a status that is not known', async () => {
    expect(await rank('delivered')).toBe(await rank('undelivered'));
    expect(await rank('delivered')).toBe(await rank('failed'));
    expect(await rank('toString')).toBe('');
  });

  test('is by number for calls, and by rank alike for callbacks and Event Streams', async () => {
    const at = async (SequenceNumber: string) =>
      (await one({ CallSid: 'CA1', CallStatus: 'x', SequenceNumber })).version ?? '';
    expect((await at('10')) > (await at('9'))).toBe(true);
    const stream = {
      specversion: '1.0',
      id: 'EZ1',
      type: 'com.twilio.messaging.message.sent',
      data: { messageSid: 'SM1' },
    };
    expect(await readOne(source, { body: JSON.stringify(stream) })).toMatchObject({
      subject: 'Messages/SM1',
      version: await rank('sent'),
    });
  });
});

describe('the resource of an event', () => {
  const asking = reconcilingSource(twilio);
  const [account, sid] = [`AC${'0'.repeat(32)}`, `SM${'1'.repeat(32)}`];
  const pathOf = async (fields: Record<string, string>): Promise<string | undefined> =>
    (await readOne(asking, form({ MessageStatus: 'sent', ...fields }))).resource?.path;

  test('is read in the account that the event names, by two SIDs', async () => {
    expect(await pathOf({ AccountSid: account, SmsSid: sid })).toBe(
      `/2010-04-01/Accounts/${account}/Messages/${sid}.json`,
    );
    for (const AccountSid of ['', 'AC1', `${account}/..`, account.toLowerCase(), `${account}0`])
      expect(await pathOf({ AccountSid, MessageSid: sid }), AccountSid).toBeUndefined();
    for (const MessageSid of ['SM1', `${sid}/Media`, `../${sid}`, `${sid}?x`])
      expect(await pathOf({ AccountSid: account, MessageSid }), MessageSid).toBeUndefined();
  });

  test('is not read where it is at another host, nor where the event has no place in an order', async () => {
    const conversation = {
      EventType: 'onMessageAdded',
      ConversationSid: `CH${'2'.repeat(32)}`,
      MessageSid: `IM${'3'.repeat(32)}`,
    };
    expect(await pathOf({ AccountSid: account, ...conversation })).toBeUndefined();
    expect(
      await pathOf({ AccountSid: account, CallSid: `CA${'4'.repeat(32)}`, CallStatus: 'ringing' }),
    ).toBeUndefined();
  });
});

test('two tries at a fallback URL, each with the error before it, are one event', async () => {
  const attempt = (ErrorCode: string) =>
    one({
      MessageSid: 'SM1',
      SmsStatus: 'received',
      Body: 'hi',
      ErrorCode,
      ErrorUrl: `https://${ErrorCode}.example/`,
    });
  const [first, second] = [await attempt('11200'), await attempt('11205')];
  expect(second).toMatchObject({ key: first.key, fingerprint: first.fingerprint });
});

test('the time of a call is read only in the form that Twilio writes', async () => {
  const at = (Timestamp: string) => one({ CallSid: 'CA1', CallStatus: 'x', SequenceNumber: '1', Timestamp });
  expect((await at('Tue, 24 Nov 2026 09:59:58 +0000')).time).toBe(Date.UTC(2026, 10, 24, 9, 59, 58));
  expect(await at('yesterday')).not.toHaveProperty('time');
  expect(await at('2026')).not.toHaveProperty('time');
});

test('a body that shifts the borders of names and values, under the same signature, is known as a forgery', async () => {
  const fixture = { provider: twilio, publicUrl: 'https://hooks.example.com' };
  const bare = requestOf({ body: 'AccountSid=AC1&MessageSid=SM1&MessageStatus=sent', headers: FORM_TYPE });
  const original = await signedAgain(fixture, bare, { signer: 'token' });
  const shifted = { ...original, body: Buffer.from('AccountSid=AC1&MessageSid=SM1MessageStatussent') };
  expect((await verifyWith(fixture, shifted, ['token'])).kind).toBe('verified');
  const [first, second] = [await readOne(source, original), await readOne(source, shifted)];
  expect(second.id).not.toBe(first.id);
  expect(second.content).toBe(first.content);
  expect(second.fingerprint).not.toBe(first.fingerprint);
});

test('the bytes of a form count: nothing is trimmed', async () => {
  const fixture = { provider: twilio, publicUrl: 'https://hooks.example.com' };
  const signed = await signedAgain(
    fixture,
    requestOf({ body: 'AccountSid=AC1&Body=+a+', headers: FORM_TYPE }),
    { signer: 'token' },
  );
  expect((await verifyWith(fixture, signed, ['token'])).kind).toBe('verified');
  for (const body of ['AccountSid=AC1&Body=a', 'AccountSid=AC1&Body=+a', 'AccountSid=AC1&Body=%2Ba%2B']) {
    expect((await verifyWith(fixture, { ...signed, body: Buffer.from(body) }, ['token'])).kind).toBe(
      'rejected',
    );
  }
});

test('that Twilio does not send again after a 5xx is told, with what helps', () => {
  expect(twilio.delivery).toMatchObject({
    retries: 'none',
    withoutRetries: expect.stringContaining('#rc=3&rp=all'),
  });
});
