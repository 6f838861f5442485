import { createPrivateKey, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { answerTo } from '../../lib/core/ingest-outcome.ts';
import { step as confirmation } from '../../lib/core/steps/sns-confirmation.ts';
import { sns } from '../../lib/providers/sns.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { down, secretsOf, take, world } from '../core/intake-world.ts';
import { certificates, fixture, request, topic, vectors } from '../fixtures/sns.ts';

const source = sourceOf(sns);
const { 'version-2': genuine, 'with-subject': withSubject, SubscriptionConfirmation: asked } = vectors;

/** The addresses that a certificate was asked for at. */
function watched() {
  const asked: string[] = [];
  const read = (url: string) => {
    asked.push(url);
    return certificates.read(url);
  };
  return { asked, certificates: { ...certificates, read } };
}

const check = (message: object, secrets: readonly string[] = [topic], of = fixture): Promise<string> =>
  outcomeOf(of, request(message), secrets);

/** Signed by node:crypto alone, as SNS would sign it. */
function signed(fields: Readonly<Record<string, string>>, names: readonly string[]): object {
  const text = names.map((name) => `${name}\n${fields[name]}\n`).join('');
  const signature = sign('RSA-SHA256', Buffer.from(text), createPrivateKey(vectors.privateKey));
  const { SigningCertURL } = genuine;
  return { ...fields, SignatureVersion: '2', SigningCertURL, Signature: signature.toString('base64') };
}

describe('a topic', () => {
  const stranger = 'arn:aws:sns:eu-west-1:999999999999:events';

  test('of somebody else is refused, although SNS signs its messages too, and nothing is fetched for it', async () => {
    const names = ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type'];
    const foreign = signed({ ...genuine, TopicArn: stranger }, names);
    const seen = watched();
    const of = { ...fixture, certificates: seen.certificates };
    expect(await check(foreign, [topic], of)).toBe('wrong-signature');
    expect(seen.asked).toEqual([]);
    expect(await check(foreign, [topic, stranger], of)).toBe('verified by older');
  });

  test('must be listed: no list, no topic', async () => {
    for (const secret of [
      '*',
      'arn:aws:sns:*:*:*',
      'arn:aws:sns:eu-west-1:123456789012',
      `${topic}/x`,
      'secret',
    ])
      expect(await check(genuine, [secret])).toBe('no-secret');
    expect(await check(genuine, [])).toBe('no-secret');
  });
});

describe('a certificate', () => {
  const path = '/SimpleNotificationService-0123456789abcdef.pem';

  test.each([
    `http://sns.eu-west-1.amazonaws.com${path}`,
    `https://sns.eu-west-1.amazonaws.com.evil.example${path}`,
    `https://sns.eu-west-1.amazonaws.com@evil.example${path}`,
    `https://evil.example\\@sns.eu-west-1.amazonaws.com${path}`,
    `https://evil.example#@sns.eu-west-1.amazonaws.com${path}`,
    `https://sns.eu-west-1.amazonaws.com:8443${path}`,
    `https://sns.s3-us-west-2.amazonaws.com${path}`,
    `https://sns.eu-west-1.amazonaws.com/evil.pem`,
    `https://sns.eu-west-1.amazonaws.com/x/..${path}`,
    `https://sns.eu-west-1.amazonaws.com${path}?x=.pem`,
    `https://sns.eu-west-1.amazonaws.com${path}#.pem`,
    `https://sns.eu-west-1.amazonaws.com${path}\n`,
    `https://SNS.eu-west-1.amazonaws.com${path}`,
    `https://sns.eu-west-1.amazonaws。com${path}`,
    'file:///SimpleNotificationService-0.pem',
  ])('is not asked for at %j', async (SigningCertURL) => {
    const seen = watched();
    const of = { ...fixture, certificates: seen.certificates };
    expect(await check({ ...genuine, SigningCertURL }, [topic], of)).toBe('malformed-signature');
    expect(seen.asked).toEqual([]);
  });

  test('that cannot be had, or is none, makes SNS send again', async () => {
    expect(await check({ ...genuine, SigningCertURL: genuine.SigningCertURL?.replace('0', '1') })).toBe(
      'unavailable',
    );
    for (const pem of ['', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']) {
      const of = { ...fixture, certificates: { ...certificates, read: async () => [pem] } };
      expect(await check(genuine, [topic], of)).toBe('unavailable');
    }
  });
});

describe('a signature', () => {
  test('of SHA-1 or SHA-256 is taken by its version, and no other', async () => {
    for (const message of [vectors['version-1'], genuine])
      expect(await check(message)).toBe('verified by newest');
    for (const SignatureVersion of ['0', '3', '1.0', 2])
      expect(await check({ ...genuine, SignatureVersion })).toBe('malformed-signature');
    expect(await check({ ...genuine, SignatureVersion: '1' })).toBe('wrong-signature');
  });

  test('covers the subject, and that there is none', async () => {
    expect(await check({ ...withSubject, Subject: 'Bye' })).toBe('wrong-signature');
    const { Subject: _, ...without } = withSubject;
    expect(await check(without)).toBe('wrong-signature');
    expect(await check({ ...genuine, Subject: 'Hello' })).toBe('wrong-signature');
    expect(await check({ ...genuine, Subject: null })).toBe('malformed-signature');
  });

  test('does not hold for other borders between the same fields', async () => {
    // Whoever publishes chooses the message: this one carries the border of another, and what follows it.
    const end = `Timestamp\n${genuine.Timestamp}\nTopicArn\n${topic}\nType\nNotification`;
    const names = ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type'];
    const published = signed({ ...genuine, Message: `wanted\nMessageId\nforged\n${end}` }, names);
    expect(await check(published)).toBe('verified by newest');
    const MessageId = `forged\n${end}\nMessageId\n${genuine.MessageId}`;
    expect(await check({ ...published, Message: 'wanted', MessageId })).toBe('malformed-signature');
  });

  test('of one type does not hold for another', async () => {
    expect(await check({ ...vectors.UnsubscribeConfirmation, Type: 'SubscriptionConfirmation' })).toBe(
      'wrong-signature',
    );
    expect(await check({ ...asked, Type: 'Notification' })).toBe('wrong-signature');
    expect(await check({ ...genuine, Type: '__proto__' })).toBe('malformed-signature');
  });

  test('is missing where raw delivery is on', async () => {
    for (const body of ['{"order":1}', genuine.Message ?? '', '[]', 'text', '']) {
      const raw = { ...request(genuine), body: Buffer.from(body) };
      expect(await outcomeOf(fixture, raw, [topic])).toMatch(/^(missing|malformed)-signature$/);
    }
  });
});

test('a message is read as JSON and by its body, whatever its headers say', async () => {
  for (const type of [
    'text/plain; charset=UTF-8',
    'application/json',
    'application/x-www-form-urlencoded',
    '',
  ]) {
    const headers = { 'content-type': type, 'x-amz-sns-message-type': 'SubscriptionConfirmation' };
    const { body } = request(genuine);
    expect((await readOne(source, { body, headers })).type, type).toBe('Notification');
    expect(await outcomeOf(fixture, { ...request(genuine), headers }, [topic])).toBe('verified by newest');
  }
});

test('an attribute is not signed: another one under the same id is known as a collision', async () => {
  const attributes = (value: string) => ({ ...genuine, MessageAttributes: { kind: { Value: value } } });
  expect(await check(attributes('forged'))).toBe('verified by newest');
  const [first, other] = [
    await readOne(source, request(attributes('a'))),
    await readOne(source, request(attributes('b'))),
  ];
  expect(other.key).toBe(first.key);
  expect(other.fingerprint).not.toBe(first.fingerprint);
});

describe('a subscription', () => {
  const secrets = { read: async () => secretsOf(topic), refresh: async () => undefined };
  const shake = async (message: object, confirm: (url: string) => Promise<void>) => {
    const ports = world({ secrets, certificates, confirmations: { confirm } });
    const sent = request(message);
    const answer = answerTo(await take(sent, { provider: sns, ports, request: sent }));
    return { ports, status: answer.status };
  };

  test('to a topic of the source is confirmed by a call, and only then answered', async () => {
    const called: string[] = [];
    const { ports, status } = await shake(asked, async (url) => void called.push(url));
    expect(called).toEqual([
      'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A123456789012%3Aevents&Token=2336412f37',
    ]);
    expect(status).toBe(200);
    expect(ports.sent).toEqual([]);
  });

  test('that cannot be confirmed now is answered with 503, so that SNS asks again', async () => {
    const { ports, status } = await shake(asked, () => Promise.reject(down('confirmation:sns')));
    expect(status).toBe(503);
    expect(ports.sent).toEqual([]);
  });

  test('is not confirmed when the request is forged, of another topic, or an old one', async () => {
    const called: string[] = [];
    const confirm = async (url: string) => void called.push(url);
    const stranger = 'arn:aws:sns:eu-west-1:999999999999:events';
    for (const forged of [
      { ...asked, Token: `${asked.Token}0` },
      { ...asked, TopicArn: stranger },
      { ...asked, TopicArn: 'arn:aws:sns:eu-west-1.evil.example/:123456789012:events' },
      { ...asked, Timestamp: '2026-11-20T10:00:00.000Z' },
    ])
      expect((await shake(forged, confirm)).status).toBe(401);
    expect(called).toEqual([]);
  });

  test('is confirmed in the region of its topic, and never at an address that the request names', () => {
    const address = (arn: string, token = 't') =>
      confirmation.address(
        ({ name }) => ({ TopicArn: arn, Token: token, SubscribeURL: 'https://evil.example/' })[name],
      );
    const hosts = [
      ['arn:aws:sns:us-east-1:123456789012:a', 'sns.us-east-1.amazonaws.com'],
      ['arn:aws-us-gov:sns:us-gov-west-1:123456789012:a', 'sns.us-gov-west-1.amazonaws.com'],
      ['arn:aws-cn:sns:cn-north-1:123456789012:a.fifo', 'sns.cn-north-1.amazonaws.com.cn'],
    ] as const;
    for (const [arn, host] of hosts) expect(new URL(address(arn) ?? '').host).toBe(host);
    for (const arn of [
      '',
      'arn:aws:sns:evil.example/:123456789012:a',
      'arn:aws:sqs:us-east-1:123456789012:a',
      `${topic}&x`,
    ])
      expect(address(arn)).toBeUndefined();
    expect(new URL(address(topic, 'a&Action=Other#x') ?? '').searchParams.getAll('Action')).toEqual([
      'ConfirmSubscription',
    ]);
    for (const token of ['', 'a b', 'x'.repeat(2_049)]) expect(address(topic, token)).toBeUndefined();
  });

  test('that is over is an event, with or without its token signed, and is never taken up again', async () => {
    for (const farewell of [vectors.UnsubscribeConfirmation, vectors['farewell-without-token']]) {
      const { ports, status } = await shake(farewell, () => Promise.reject(new Error('confirmed')));
      expect(status).toBe(200);
      expect(ports.sent).toHaveLength(1);
      expect((await readOne(source, request(farewell))).type).toBe('UnsubscribeConfirmation');
    }
    expect(await check({ ...vectors['farewell-without-token'], Token: 'other' })).toBe('verified by newest');
    expect(await check({ ...vectors.UnsubscribeConfirmation, Token: 'other' })).toBe('wrong-signature');
  });
});
