import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { type Delivery, type DeliveryMessage, decodeDelivery } from '../../../lib/core/delivery.ts';
import { startEmbeddedCloud } from '../../../lib/local/embedded-cloud.ts';
import { memorySecretStore } from '../../../lib/local/secret-store.ts';
import { type CloudClients, cloudClients } from '../../local/cloud-clients.ts';

/** The queues that hold anything, hidden and delayed messages too. Reads beside the process that uses the folder. */
export function queuesWithMessages(data: string): readonly string[] {
  const database = new DatabaseSync(join(data, 'cloud/fauxqs/fauxqs.db'), { readOnly: true });
  try {
    const rows = database.prepare('SELECT DISTINCT queue_name AS name FROM sqs_messages ORDER BY 1').all();
    return rows.map(({ name }) => String(name));
  } finally {
    database.close();
  }
}

interface DeadLetter {
  readonly delivery: Delivery;
  readonly reason: string;
}

/** What a stopped receiver has left. */
export interface CloudState {
  /** Events by what their row says: `source#key`. */
  readonly events: Readonly<Record<'claimed' | 'published' | 'dead', ReadonlySet<string>>>;
  readonly deadLetters: readonly DeadLetter[];
  /** Deliveries that lie in the bucket, since they could not be queued. */
  readonly spilled: readonly Delivery[];
  /** By the `dataref` that leads to it. */
  readonly objects: ReadonlyMap<string, string>;
}

/** Opens the folder of a receiver that is not running, through plain AWS clients. */
export async function readCloud(data: string, datarefs: readonly string[] = []): Promise<CloudState> {
  const cloud = await startEmbeddedCloud({
    dataDir: join(data, 'cloud'),
    secrets: memorySecretStore({}, Date.now),
  });
  const clients = cloudClients(cloud.endpoint);
  try {
    return {
      events: await eventRows(clients),
      deadLetters: await deadLetters(clients),
      spilled: await spilled(clients),
      objects: new Map(await Promise.all(datarefs.map((dataref) => object(dataref, clients)))),
    };
  } finally {
    clients.destroy();
    await cloud.close();
  }
}

async function eventRows({ dynamodb }: CloudClients): Promise<CloudState['events']> {
  const events = { claimed: new Set<string>(), published: new Set<string>(), dead: new Set<string>() };
  let ExclusiveStartKey: Record<string, never> | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({ TableName: 'headgate-ledger', ...(ExclusiveStartKey && { ExclusiveStartKey }) }),
    );
    for (const { key, state } of page.Items ?? []) {
      const [, event] = /^event#(.*)$/s.exec(key?.S ?? '') ?? [];
      if (event !== undefined) events[state?.S as keyof typeof events].add(event);
    }
    ExclusiveStartKey = page.LastEvaluatedKey as typeof ExclusiveStartKey;
  } while (ExclusiveStartKey !== undefined);
  return events;
}

async function deadLetters({ sqs }: CloudClients): Promise<readonly DeadLetter[]> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'headgate-dead-letters' }));
  const all: DeadLetter[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 600,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return all;
    for (const { Body: body = '', MessageAttributes: attributes } of Messages) {
      const metadata = attributes?.headgate?.StringValue ?? '';
      const delivery = deliveryOf({ body, metadata, group: '' as DeliveryMessage['group'] });
      all.push({ delivery, reason: attributes?.reason?.StringValue ?? '' });
    }
  }
}

async function spilled(clients: CloudClients): Promise<readonly Delivery[]> {
  const list = new ListObjectsV2Command({ Bucket: 'headgate-objects', Prefix: 'spill/' });
  const { Contents = [] } = await clients.s3.send(list);
  return Promise.all(
    Contents.map(async ({ Key = '' }) => {
      const [, text] = await object(`s3://headgate-objects/${Key}`, clients);
      return deliveryOf(JSON.parse(text));
    }),
  );
}

function deliveryOf(message: DeliveryMessage): Delivery {
  const decoded = decodeDelivery(message);
  if (decoded.kind !== 'delivery') throw new Error(`a message that is no whole delivery: ${decoded.kind}`);
  return decoded.delivery;
}

async function object(dataref: string, { s3 }: CloudClients): Promise<readonly [string, string]> {
  const { hostname: Bucket, pathname } = new URL(dataref);
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket, Key: decodeURIComponent(pathname.slice(1)) }),
  );
  return [dataref, (await Body?.transformToString()) ?? ''];
}
