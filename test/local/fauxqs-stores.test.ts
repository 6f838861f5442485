import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CloudRequest, CloudService } from '../../lib/local/cloud-service.ts';
import type { SqsQueue } from '../../lib/local/fauxqs-parts.ts';
import { type FauxqsStores, openFauxqsStores } from '../../lib/local/fauxqs-stores.ts';
import { sns } from '../../lib/local/sns.ts';
import { sqs } from '../../lib/local/sqs.ts';

let folder: string;
let stores: FauxqsStores;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'headgate-stores-'));
  stores = await openFauxqsStores(folder, 'keep');
});
afterEach(() => {
  stores.close();
  rmSync(folder, { recursive: true });
});

async function reopen(): Promise<void> {
  stores.close();
  stores = await openFauxqsStores(folder, 'keep');
}

function call(service: CloudService, operation: string, body: string): Promise<unknown> {
  const request: CloudRequest = {
    method: 'POST',
    url: '/',
    headers: {},
    body: Buffer.from(body),
    endpoint: 'http://127.0.0.1',
    waitNoMore: new AbortController().signal,
  };
  return service.answer(operation, request);
}

async function callSqs(operation: string, input: object): Promise<unknown> {
  const { body } = (await call(await sqs(stores), operation, JSON.stringify(input))) as { body: string };
  return JSON.parse(body);
}

async function callSns(operation: string, form: Record<string, string>): Promise<unknown> {
  return call(await sns(stores), operation, new URLSearchParams(form).toString());
}

function queueNamed(name: string): SqsQueue {
  const queue = stores.sqs.getQueueByName(name);
  if (queue === undefined) throw new Error(`no queue ${name}`);
  return queue;
}

/** As if the process were killed right before the message is written. */
function breakBeforeInsert(): void {
  const { persistence } = stores.sqs;
  if (persistence === undefined) throw new Error('nothing is kept');
  persistence.insertMessage = () => {
    throw new Error('killed');
  };
}

describe('kept stores', () => {
  test('keep a message on its queue when its move to the dead letters is cut off', async () => {
    await callSqs('CreateQueue', { QueueName: 'dead' });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueNamed('dead').arn, maxReceiveCount: 1 });
    await callSqs('CreateQueue', { QueueName: 'q', Attributes: { RedrivePolicy, VisibilityTimeout: '0' } });
    const QueueUrl = queueNamed('q').url;
    await callSqs('SendMessage', { QueueUrl, MessageBody: 'body' });
    await callSqs('ReceiveMessage', { QueueUrl });
    breakBeforeInsert();
    await expect(callSqs('ReceiveMessage', { QueueUrl })).rejects.toThrow('killed');

    await reopen();
    expect(queueNamed('q').messages.map(({ body }) => body)).toEqual(['body']);
    expect(queueNamed('dead').messages).toEqual([]);
  });

  test('do not remember a deduplication id whose message was never written', async () => {
    await callSqs('CreateQueue', { QueueName: 'q.fifo' });
    await callSns('CreateTopic', { Name: 't.fifo' });
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:t.fifo';
    await callSns('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: queueNamed('q.fifo').arn });
    const publish = () =>
      callSns('Publish', { TopicArn, Message: 'm', MessageGroupId: 'g', MessageDeduplicationId: 'id' });
    breakBeforeInsert();
    await expect(publish()).rejects.toThrow('killed');

    await reopen();
    await publish();
    expect([...queueNamed('q.fifo').fifoMessages.values()].flat()).toHaveLength(1);
  });

  test('lose no message of a redrive that is cut off', async () => {
    await callSqs('CreateQueue', { QueueName: 'dead' });
    await callSqs('CreateQueue', { QueueName: 'q' });
    await callSqs('SendMessage', { QueueUrl: queueNamed('dead').url, MessageBody: 'body' });
    const task = { SourceArn: queueNamed('dead').arn, DestinationArn: queueNamed('q').arn };
    breakBeforeInsert();
    await expect(callSqs('StartMessageMoveTask', task)).rejects.toThrow('killed');

    await reopen();
    expect(queueNamed('dead').messages.map(({ body }) => body)).toEqual(['body']);
  });
});
