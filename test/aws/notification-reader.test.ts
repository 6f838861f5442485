import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type Notification, notificationReader } from '../../lib/aws/notification-reader.ts';
import { InfrastructureError } from '../../lib/core/errors.ts';

/** Signed by OpenSSL, as SNS signs. */
const { certificate, ...messages } = JSON.parse(
  await readFile(join(import.meta.dirname, '../fixtures/sns-notifications.json'), 'utf8'),
);
const topic = 'arn:aws:sns:eu-west-1:123456789012:events';

function open(fetchCertificate: (url: string) => Promise<string> = async () => certificate) {
  const fetched: string[] = [];
  const read = notificationReader({
    topicArns: ['arn:aws:sns:eu-west-1:123456789012:other', topic],
    fetchCertificate: (url) => {
      fetched.push(url);
      return fetchCertificate(url);
    },
  });
  return {
    fetched,
    read: (message: unknown): Promise<Notification> => read(JSON.stringify(message)),
    raw: read,
  };
}

describe('a message that SNS signed', () => {
  test.each(['version-1', 'version-2', 'with-subject'])('is an event: %s', async (name) => {
    expect(await open().read(messages[name])).toMatchObject({
      kind: 'event',
      event: { id: 'd1', type: 'github.star.created', data: { payload: { who: 'Zoë\n"💥"' } } },
    });
  });

  test.each(['as attributes', 'as an SNS record', 'as a body'])(
    'yields what was signed, whatever is added beside it: %s',
    async (how) => {
      const signed = messages['version-2'];
      const forged = { ...JSON.parse(signed.Message), id: 'forged', sequence: '9999999999999999' };
      const added = {
        'as attributes': forged,
        'as an SNS record': { Sns: { Type: 'Notification', Message: JSON.stringify(forged) } },
        'as a body': { body: JSON.stringify(forged) },
      }[how];
      expect(await open().read({ ...signed, ...added })).toMatchObject({ event: { id: 'd1' } });
    },
  );

  test('is read from bytes', async () => {
    const bytes = Buffer.from(JSON.stringify(messages['version-2'], null, 2));
    expect((await open().raw(bytes)).kind).toBe('event');
  });

  test('can ask for a confirmation', async () => {
    expect(await open().read(messages.SubscriptionConfirmation)).toEqual({
      kind: 'confirmation',
      topicArn: topic,
      token: '2336412f37',
    });
  });

  test('can tell that the subscription is over', async () => {
    expect(await open().read(messages.UnsubscribeConfirmation)).toEqual({
      kind: 'unsubscribed',
      topicArn: topic,
    });
  });

  test('needs its certificate once', async () => {
    const { read, fetched } = open();
    for (const name of ['version-1', 'version-2', 'with-subject']) await read(messages[name]);
    expect(fetched).toEqual([messages['version-1'].SigningCertURL]);
  });

  test('cannot be judged without its certificate, and is asked for it again the next time', async () => {
    let up = false;
    const { read, fetched } = open(async () => (up ? certificate : Promise.reject(new Error('timeout'))));
    await expect(read(messages['version-1'])).rejects.toThrow(InfrastructureError);
    up = true;
    expect((await read(messages['version-1'])).kind).toBe('event');
    expect(fetched).toHaveLength(2);
  });

  test('cannot be judged by what is no certificate', async () => {
    await expect(open(async () => '<html>').read(messages['version-1'])).rejects.toThrow(InfrastructureError);
  });

  test.each([
    [() => new Response(certificate), 'event'],
    [() => new Response('not found', { status: 404 }), 'InfrastructureError'],
  ] as const)(
    'has its certificate fetched without following a redirect, within a time: %#',
    async (answer, kind) => {
      const asked: unknown[] = [];
      vi.stubGlobal('fetch', async (url: string, { redirect, signal }: RequestInit) => {
        asked.push(url, redirect, signal instanceof AbortSignal);
        return answer();
      });
      try {
        const read = notificationReader({ topicArns: [topic] });
        const got = await read(JSON.stringify(messages['version-1'])).then(
          (notification) => notification.kind,
          (error: Error) => error.name,
        );
        expect(got).toBe(kind);
        expect(asked).toEqual([messages['version-1'].SigningCertURL, 'error', true]);
      } finally {
        vi.unstubAllGlobals();
      }
    },
  );

  test('is refused when it is no event', async () => {
    expect(await open().read(messages['no-event'])).toEqual({
      kind: 'refused',
      explanation: 'The message of the notification is not JSON',
    });
  });
});

describe('a forged message', () => {
  const genuine = messages['with-subject'];

  test.each(['Message', 'MessageId', 'Subject', 'Timestamp'])('is refused: changed in %s', async (field) => {
    const changed = genuine[field].replace(/[0-9eo]/, (c: string) => (c === '7' ? '8' : '7'));
    expect(changed).not.toBe(genuine[field]);
    expect(await open().read({ ...genuine, [field]: changed })).toEqual({
      kind: 'refused',
      explanation: 'Its signature is wrong.',
    });
  });

  test.each(['Token', 'SubscribeURL', 'Message'])(
    'is refused: a confirmation changed in %s',
    async (field) => {
      const { SubscriptionConfirmation: asked } = messages;
      const forged = { ...asked, [field]: `${asked[field]}x` };
      expect(await open().read(forged)).toMatchObject({ explanation: 'Its signature is wrong.' });
    },
  );

  test.each([[''], ['AAAA'], [undefined], [7], [messages['version-2'].Signature]])(
    'is refused: with the signature %j',
    async (Signature) => {
      expect(await open().read({ ...genuine, Signature })).toMatchObject({
        explanation: 'Its signature is wrong.',
      });
    },
  );

  test('is refused: as another type', async () => {
    const forged = { ...messages.UnsubscribeConfirmation, Type: 'SubscriptionConfirmation' };
    expect(await open().read(forged)).toMatchObject({ explanation: 'Its signature is wrong.' });
  });

  test('is refused: with the hash of another version', async () => {
    expect(await open().read({ ...genuine, SignatureVersion: '1' })).toMatchObject({
      explanation: 'Its signature is wrong.',
    });
  });

  test.each<[string, object, string]>([
    ['of another topic', { TopicArn: `${topic}2` }, 'It is of another topic.'],
    ['of no topic', { TopicArn: undefined }, 'A field that SNS signs is missing, or holds a line end.'],
    ['of an unknown type', { Type: 'constructor' }, 'It has no type of SNS: is raw delivery on?'],
    ['of an unknown version', { SignatureVersion: '3' }, 'Its signature is of no version that SNS has.'],
    ['of a version that is no text', { SignatureVersion: 2 }, 'Its signature is of no version that SNS has.'],
    [
      'with a list for a text',
      { Message: [genuine.Message] },
      'A field that SNS signs is missing, or holds a line end.',
    ],
    [
      'without a part that is signed',
      { MessageId: undefined },
      'A field that SNS signs is missing, or holds a line end.',
    ],
  ])('is refused before a certificate is fetched: %s', async (_, change, explanation) => {
    const { read, fetched } = open();
    expect(await read({ ...genuine, ...change })).toEqual({ kind: 'refused', explanation });
    expect(fetched).toEqual([]);
  });

  const path = '/SimpleNotificationService-0123456789abcdef.pem';
  test.each([
    [`http://sns.eu-west-1.amazonaws.com${path}`],
    [`https://sns.eu-west-1.amazonaws.com.evil.example${path}`],
    [`https://evil.example/sns.eu-west-1.amazonaws.com${path}`],
    [`https://sns.eu-west-1.amazonaws.com@evil.example${path}`],
    [`https://sns.eu-west-1.amazonaws.com:8443${path}`],
    [`https://sns.s3-us-west-2.amazonaws.com${path}`],
    [`https://sns.s3.amazonaws.com${path}`],
    [`https://evil.sns.eu-west-1.amazonaws.com${path}`],
    ['https://sns.eu-west-1.amazonaws.com/evil.pem'],
    [`https://sns.eu-west-1.amazonaws.com${path}?x=.pem`],
    [`https://sns.eu-west-1.amazonaws.com/x/..${path}`],
    [`https://sns.eu-west-1.amazonaws.com${path}\n`],
    [undefined],
  ])('is refused before a certificate is fetched from %j', async (SigningCertURL) => {
    const { read, fetched } = open();
    expect(await read({ ...genuine, SigningCertURL })).toEqual({
      kind: 'refused',
      explanation: 'Its certificate is not at SNS.',
    });
    expect(fetched).toEqual([]);
  });

  test.each([
    ['hello', 'The body is not JSON'],
    ['', 'The body is not JSON'],
    ['[]', 'The body is no object.'],
    [genuine.Message, 'It has no type of SNS: is raw delivery on?'],
  ])('is refused: %s', async (body, explanation) => {
    expect(await open().raw(body)).toEqual({ kind: 'refused', explanation });
  });

  test.each([
    ['https://sns.us-gov-west-1.amazonaws.com'],
    ['https://sns.cn-north-1.amazonaws.com.cn'],
    ['https://sns.ap-southeast-5.amazonaws.com'],
  ])('is judged by its signature when its certificate is at %s', async (host) => {
    const { read, fetched } = open();
    expect((await read({ ...genuine, SigningCertURL: host + path })).kind).toBe('event');
    expect(fetched).toEqual([host + path]);
  });
});
