import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEvent, parseEvents } from '../../../lib/core/subscriber/parse-event.ts';
import { UnreadableEventError } from '../../../lib/core/subscriber/unreadable-event-error.ts';
import { issue, star } from './example-events.ts';

const published = { ...issue(1), datacontenttype: 'application/json' };
const text = JSON.stringify(published);

/** As SNS delivers to SQS and HTTP without raw delivery. */
const notification = {
  Type: 'Notification',
  MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
  TopicArn: 'arn:aws:sns:eu-west-1:123456789012:events',
  Message: text,
  Timestamp: '2026-11-24T10:00:00.000Z',
  SignatureVersion: '1',
  Signature: 'EXAMPLE=',
  SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-x.pem',
  UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
  MessageAttributes: { type: { Type: 'String', Value: 'github.issues.edited' } },
};
const envelope = JSON.stringify(notification);

const sqsRecord = (body: string) => ({
  messageId: 'm1',
  receiptHandle: 'r',
  body,
  attributes: { ApproximateReceiveCount: '1' },
  messageAttributes: {},
  eventSource: 'aws:sqs',
  awsRegion: 'eu-west-1',
});
const snsRecord = {
  EventSource: 'aws:sns',
  EventVersion: '1.0',
  EventSubscriptionArn: 'arn',
  Sns: notification,
};

describe('an event', () => {
  test.each<[string, unknown]>([
    ['the body of an SQS message', envelope],
    ['the body of an SQS message with raw delivery', text],
    ['an SQS message as the SDK receives it', { MessageId: 'm', ReceiptHandle: 'r', Body: envelope }],
    ['an SQS record of Lambda', sqsRecord(envelope)],
    ['an SQS record of Lambda with raw delivery', sqsRecord(text)],
    ['an SNS record of Lambda', snsRecord],
    ['an HTTP body', Buffer.from(envelope)],
    [
      'an HTTP body as plain bytes of a larger buffer',
      new Uint8Array(Buffer.from(`xx${envelope}`)).subarray(2),
    ],
    ['an HTTP body with raw delivery', Buffer.from(text)],
    ['a parsed notification', notification],
    ['a parsed event', published],
  ])('is read from %s', (_, message) => {
    expect(parseEvent(message)).toEqual(issue(1));
  });

  test('keeps every attribute, and its resource', () => {
    const whole = { ...issue(1), repeatof: 'd0', data: { payload: null, resource: { title: 'x' } } };
    expect(parseEvent(JSON.stringify(whole))).toEqual(whole);
    expect(parseEvent(JSON.stringify(star))).toEqual(star);
  });

  test('without data has the place where its data lies', () => {
    const { data: _, ...attributes } = issue(1);
    const referenced = { ...attributes, dataref: 's3://bucket/events/github/x.json' };
    expect(parseEvent(JSON.stringify(referenced))).toEqual(referenced);
  });

  test('with attributes that other extensions added is read without them', () => {
    expect(parseEvent({ ...published, traceparent: '00-x', dataschema: 'urn:x' })).toEqual(issue(1));
  });

  test('that comes with JSON keys of the prototype changes no prototype', () => {
    const event = parseEvent(`${JSON.stringify(star).slice(0, -1)},"__proto__":{"polluted":1}}`);
    expect('polluted' in event).toBe(false);
  });

  test('nested 20,000 deep is read', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const event = parseEvent(JSON.stringify(star).replace('{"action":"created"}', deep));
    let depth = 0;
    for (let at = event.data?.payload; Array.isArray(at); [at] = at) depth += 1;
    expect(depth).toBe(20_000);
  });
});

describe('a number that JavaScript cannot hold', () => {
  const payloadOf = (json: string): unknown =>
    parseEvent(JSON.stringify(star).replace('{"action":"created"}', () => json)).data?.payload;

  test.each<[string, unknown]>([
    ['12345678901234567890', '12345678901234567890'],
    ['-9007199254740993', '-9007199254740993'],
    ['9007199254740991', 9_007_199_254_740_991],
    ['{"id":9007199254740993,"n":1}', { id: '9007199254740993', n: 1 }],
    ['[1,9007199254740993]', [1, '9007199254740993']],
    ['["say \\"[9007199254740993]\\"",9007199254740993]', ['say "[9007199254740993]"', '9007199254740993']],
    ['["\\\\",9007199254740993]', ['\\', '9007199254740993']],
    ['{"9007199254740993":0.1234567890123456789}', { '9007199254740993': Number('0.1234567890123456789') }],
    [
      '[1234567890123456.5,1e400,12345678901234567E-2]',
      [1_234_567_890_123_456.5, Number.POSITIVE_INFINITY, 123_456_789_012_345.67],
    ],
  ])('comes as its digits: %s', (json, payload) => {
    expect(payloadOf(json)).toEqual(payload);
  });

  test('changes nothing around it, whatever that is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        const same = JSON.parse(json, quoted);
        expect(payloadOf(`[${json}, 9007199254740993,${json}]`)).toEqual([same, '9007199254740993', same]);
      }),
    );
  });
});

/** What JSON.stringify writes of such a number are not always its digits: it may have an exponent. */
function quoted(_: string, value: unknown): unknown {
  const unsafe = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return unsafe && /^-?\d+$/.test(String(value)) ? String(value) : value;
}

function explanationOf(message: unknown): string {
  try {
    parseEvent(message);
  } catch (error) {
    if (error instanceof UnreadableEventError) return error.message;
    throw error;
  }
  return 'read';
}

describe('what is no event', () => {
  const { verdict: _v, ...noVerdict } = star;
  const { data: _d, ...noData } = star;

  test.each<[unknown, string]>([
    [undefined, 'The message is nothing, not a text'],
    [7, 'The message is a number, not a text'],
    ['', 'The message is not JSON'],
    ['hello', 'The message is not JSON'],
    ['7', 'This is no event of Headgate:\n- event: found a number; allowed: a CloudEvent in JSON'],
    [[], 'The message is an empty list, not a text'],
    [{ body: '{' }, 'The body of the message is not JSON'],
    [{ body: 7 }, 'The body of the message is a number, not a text'],
    [{ Type: 'Notification' }, 'The message of the notification is nothing, not a text'],
    [{ Type: 'Notification', Message: 'hello' }, 'The message of the notification is not JSON'],
    [{ Records: [] }, 'This is a batch: parseEvents reads it.'],
    [
      { ...notification, Type: 'SubscriptionConfirmation' },
      'This message of SNS is no notification: a notificationReader says what it is.',
    ],
    [
      { ...star, specversion: '0.3' },
      'This is no event of Headgate:\n- event.specversion: found "0.3"; allowed: "1.0"',
    ],
    [
      { ...noVerdict, id: '', origin: 'elsewhere' },
      [
        'This is no event of Headgate:',
        '- event.id: found ""; allowed: a text that is not empty',
        '- event.verdict: found nothing; allowed: "fresh" or "gone" or "superseded" or "unconfirmed"',
        '- event.origin: found "elsewhere"; allowed: "webhook" or "sweep" or "replay"',
      ].join('\n'),
    ],
    [
      { ...issue(1), sequence: '17' },
      'This is no event of Headgate:\n- event.sequence: found "17"; allowed: 16 digits',
    ],
    [
      { ...issue(1), sequence: 1_795_170_000_000_001 },
      'This is no event of Headgate:\n- event.sequence: found 1795170000000001; allowed: 16 digits',
    ],
    [
      { ...issue(1), sequence: undefined },
      'This is no event of Headgate:\n- event.sequence: found nothing; allowed: a sequence with the verdict "fresh" of a subject',
    ],
    [
      { ...issue(1), sequence: undefined, verdict: 'gone' },
      'This is no event of Headgate:\n- event.sequence: found nothing; allowed: a sequence with the verdict "gone"',
    ],
    [
      { ...issue(1), verdict: 'superseded' },
      'This is no event of Headgate:\n- event.sequence: found a sequence; allowed: none with the verdict "superseded"',
    ],
    [
      { ...issue(1), verdict: 'unconfirmed' },
      'This is no event of Headgate:\n- event.sequence: found a sequence; allowed: none with the verdict "unconfirmed"',
    ],
    [
      { ...issue(1), subject: undefined },
      'This is no event of Headgate:\n- event.sequence: found a sequence; allowed: none without a subject',
    ],
    [
      { ...star, time: 'yesterday' },
      'This is no event of Headgate:\n- event.time: found a text; allowed: a time as in RFC 3339',
    ],
    [
      { ...star, receivedtime: '2026-13-24T10:00:00Z' },
      'This is no event of Headgate:\n- event.receivedtime: found a text; allowed: a time as in RFC 3339',
    ],
    [
      noData,
      'This is no event of Headgate:\n- event.dataref: found nothing; allowed: a text that is not empty',
    ],
    [
      { ...star, data: null },
      'This is no event of Headgate:\n- event.data: found null; allowed: an object with payload',
    ],
    [
      { ...star, data: { Payload: 1 } },
      'This is no event of Headgate:\n- event.data: found an object; allowed: an object with payload',
    ],
  ])('is refused with what is wrong: %j', (message, explanation) => {
    expect(explanationOf(message)).toBe(explanation);
  });

  test('is refused without quoting the data', () => {
    const secret = 'xoxb-secret';
    for (const broken of [
      JSON.stringify({ ...star, data: secret }),
      `{"payload":"${secret}"`,
      JSON.stringify({ Type: 'Notification', Message: `{"${secret}"` }),
      { body: secret },
    ]) {
      expect(explanationOf(broken)).not.toContain(secret);
    }
  });

  test('is refused or read, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (message) => {
        explanationOf(message);
        explanationOf(JSON.stringify(message) ?? '');
        explanationOf({ ...star, ...(message as object) });
      }),
    );
  });
});

describe('a batch of Lambda', () => {
  test('from SQS gives each event with the id for batchItemFailures', () => {
    const batch = { Records: [sqsRecord(envelope), { ...sqsRecord(JSON.stringify(star)), messageId: 'm2' }] };
    expect(parseEvents(batch)).toEqual([
      { kind: 'event', messageId: 'm1', event: issue(1) },
      { kind: 'event', messageId: 'm2', event: star },
    ]);
  });

  test('from SNS gives its event', () => {
    expect(parseEvents({ Records: [snsRecord] })).toEqual([
      { kind: 'event', messageId: notification.MessageId, event: issue(1) },
    ]);
  });

  test('with a record that cannot be read gives the others', () => {
    const [bad, good] = parseEvents({
      Records: [{ ...sqsRecord('no JSON'), messageId: 'bad' }, sqsRecord(text)],
    });
    expect(bad).toEqual({
      kind: 'unreadable',
      messageId: 'bad',
      error: new UnreadableEventError('The body of the message is not JSON'),
    });
    expect(good?.kind).toBe('event');
  });

  test.each([[undefined], [{}], [{ Records: 'x' }], [text]])('is refused when it is %j', (batch) => {
    expect(() => parseEvents(batch)).toThrow(
      new UnreadableEventError('This is no batch of SQS or SNS: it has no Records.'),
    );
  });

  test('with records of any kind gives an answer for each', () => {
    fc.assert(
      fc.property(fc.array(fc.anything()), (records) => {
        expect(parseEvents({ Records: records })).toHaveLength(records.length);
      }),
    );
  });
});
