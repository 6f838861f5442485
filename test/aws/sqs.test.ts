import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sqsClient } from '../../lib/aws/sqs-client.ts';
import { sqsDeadLetters } from '../../lib/aws/sqs-dead-letters.ts';
import { sqsDeliveryQueue } from '../../lib/aws/sqs-delivery-queue.ts';
import { sqsVisibility } from '../../lib/aws/sqs-visibility.ts';
import {
  type Delivery,
  type DeliveryMessage,
  decodeDelivery,
  encodeDelivery,
} from '../../lib/core/delivery.ts';
import type { SourceName } from '../../lib/core/source.ts';
import { deliveryOf, plainProvider, sourceOf } from '../core/intake-cases.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.close());
beforeEach(() => {
  cloud.calls.length = 0;
  cloud.breakCalls(undefined);
});

const client = () => sqsClient(3_000, cloud.connection);
const queue = () => sqsDeliveryQueue({ client: client(), queueUrl: cloud.queue.url, limitMs: 3_000 });
const deadLetters = () =>
  sqsDeadLetters({ client: client(), queueUrl: cloud.deadLetters.url, limitMs: 3_000 });
const source = sourceOf(plainProvider());
const delivered = (body: string | Buffer): Delivery => deliveryOf(source, { body });

async function receive(queueUrl: string): Promise<readonly Message[]> {
  const { Messages = [] } = await cloud.clients.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages;
}

/** Takes the only message off the queue. */
async function takeOne(queueUrl: string): Promise<Message> {
  const [message, ...more] = await receive(queueUrl);
  if (message === undefined || more.length > 0) throw new Error(`${more.length + 1} messages, one expected`);
  await cloud.clients.sqs.send(
    new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }),
  );
  return message;
}

function toDeliveryMessage(message: Message): DeliveryMessage {
  return {
    body: message.Body ?? '',
    metadata: message.MessageAttributes?.headgate?.StringValue ?? '',
    group: source.name,
  };
}

describe('the delivery queue', () => {
  test.each([
    ['text', '{"a":"é日本😀"}\r\n\t'],
    ['a byte order mark', '\ufeff{}'],
    ['nothing', ''],
    ['bytes', Buffer.from([0, 1, 2, 0xff, 0xfe])],
    ['characters that SQS refuses', '"\ufffe\uffff\u0001"'],
  ])('carries a delivery as it is: %s', async (_what, body) => {
    const sent = delivered(body);
    await queue().send(encodeDelivery(sent).message);
    const message = await takeOne(cloud.queue.url);
    expect(decodeDelivery(toDeliveryMessage(message))).toEqual({ kind: 'delivery', delivery: sent });
  });

  test('takes the fullest message that the codec makes', async () => {
    const overhead = encodeDelivery(delivered('a')).message.metadata.length;
    let size = 1_048_576 - overhead - 200;
    while (encodeDelivery(delivered('a'.repeat(size))).kind === 'too-large') size -= 1;
    const { message } = encodeDelivery(delivered('a'.repeat(size)));
    await queue().send({ ...message, waitingSince: 9_999_999_999_999 }, { seconds: 0 });
    const copy = await takeOne(cloud.queue.url);
    expect(copy.MessageAttributes?.['waiting-since']?.StringValue).toBe('9999999999999');
    await deadLetters().send(message, 'r'.repeat(1_000));
    const dead = await takeOne(cloud.deadLetters.url);
    expect(dead.Body === message.body).toBe(true);
    expect(dead.MessageAttributes?.headgate?.StringValue).toBe(message.metadata);
  });

  test('groups messages by source, so that a noisy one does not delay the others', async () => {
    const inputs: unknown[] = [];
    const recording = client();
    recording.middlewareStack.add(
      (next) => (args) => {
        inputs.push(args.input);
        return next(args);
      },
      { step: 'initialize' },
    );
    const grouped = sqsDeliveryQueue({ client: recording, queueUrl: cloud.queue.url, limitMs: 3_000 });
    await grouped.send(encodeDelivery(delivered('{}')).message);
    expect(inputs).toMatchObject([{ MessageGroupId: 'acme' }]);
    await takeOne(cloud.queue.url);
  });

  test('hides a copy that is to come later', async () => {
    await queue().send(encodeDelivery(delivered('later')).message, { seconds: 900 });
    expect(await receive(cloud.queue.url)).toEqual([]);
  });

  test.each([
    ['fail', 'unavailable', 2],
    ['throttle', 'throttled', 2],
  ] as const)('tells of a call that does not come through: %s', async (fault, nature, attempts) => {
    cloud.breakCalls(() => fault);
    await expect(queue().send(encodeDelivery(delivered('{}')).message)).rejects.toMatchObject({
      name: 'InfrastructureError',
      call: 'sqs:SendMessage',
      nature,
    });
    expect(cloud.calls).toEqual(Array(attempts).fill('sqs:SendMessage'));
  });

  test('tells of a queue that is not there as something to be changed', async () => {
    const lost = sqsDeliveryQueue({ client: client(), queueUrl: `${cloud.queue.url}-lost`, limitMs: 3_000 });
    const sent = lost.send(encodeDelivery(delivered('canary')).message);
    await expect(sent).rejects.toMatchObject({ nature: 'refused' });
    await expect(sent).rejects.not.toMatchObject({ message: expect.stringContaining('canary') });
  });
});

describe('the dead letters', () => {
  test('carry the delivery and the reason', async () => {
    const sent = delivered('{"id":1}');
    await deadLetters().send(encodeDelivery(sent).message, 'collision');
    const message = await takeOne(cloud.deadLetters.url);
    expect(decodeDelivery(toDeliveryMessage(message))).toEqual({ kind: 'delivery', delivery: sent });
    expect(message.MessageAttributes?.reason?.StringValue).toBe('collision');
  });

  test('take a message that was never ours', async () => {
    await deadLetters().send({ body: 'who?', metadata: '', group: '' as SourceName }, 'unreadable');
    const message = await takeOne(cloud.deadLetters.url);
    expect(message.Body).toBe('who?');
    expect(Object.keys(message.MessageAttributes ?? {})).toEqual(['reason']);
  });

  test('take a reason of any characters', async () => {
    await deadLetters().send(encodeDelivery(delivered('{}')).message, 'odd\u0000\ufffe\nreason é');
    const message = await takeOne(cloud.deadLetters.url);
    expect(message.MessageAttributes?.reason?.StringValue).toBe('odd???reason ?');
  });
});

describe('short waits', () => {
  test('hide messages or bring them back, more than ten at once', async () => {
    for (let index = 0; index < 12; index += 1)
      await queue().send(encodeDelivery(delivered(`w${index}`)).message);
    const held = [...(await receive(cloud.queue.url)), ...(await receive(cloud.queue.url))];
    expect(held).toHaveLength(12);
    expect(await receive(cloud.queue.url)).toEqual([]);
    cloud.calls.length = 0;
    const visibility = sqsVisibility({ client: client(), queueUrl: cloud.queue.url, limitMs: 3_000 });
    await visibility.hide(
      held.map(({ ReceiptHandle: receipt = '' }, index) => ({ receipt, seconds: index === 11 ? 600 : 0 })),
    );
    expect(cloud.calls).toEqual(Array(2).fill('sqs:ChangeMessageVisibilityBatch'));
    const back = [...(await receive(cloud.queue.url)), ...(await receive(cloud.queue.url))];
    expect(back.map(({ Body }) => Body).toSorted()).toEqual(
      held
        .slice(0, 11)
        .map(({ Body }) => Body)
        .toSorted(),
    );
  });

  test('tell of a receipt that is none', async () => {
    const visibility = sqsVisibility({ client: client(), queueUrl: cloud.queue.url, limitMs: 3_000 });
    await expect(visibility.hide([{ receipt: 'none', seconds: 1 }])).rejects.toMatchObject({
      name: 'InfrastructureError',
      nature: 'refused',
    });
  });

  test('cost no call when there are none', async () => {
    await sqsVisibility({ client: client(), queueUrl: cloud.queue.url, limitMs: 3_000 }).hide([]);
    expect(cloud.calls).toEqual([]);
  });
});
