import { CreateTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cloudEvent, type Publication } from '../../../lib/core/cloud-event.ts';
import type { Event, Payload, Standing } from '../../../lib/core/event.ts';
import { followDataref } from '../../../lib/core/subscriber/follow-dataref.ts';
import type { EventAttributes } from '../../../lib/core/subscriber/headgate-event.ts';
import { parseEvent } from '../../../lib/core/subscriber/parse-event.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../../../lib/local/embedded-cloud.ts';
import { localConnection } from '../../../lib/local/local-connection.ts';
import { memorySecretStore } from '../../../lib/local/secret-store.ts';
import { subscribeQueue } from '../../../lib/local/subscribe-queue.ts';
import { type CloudClients, cloudClients } from '../../local/cloud-clients.ts';

const some = fc.string({ minLength: 1, unit: 'binary' });
const sequence = fc.nat().map((n) => String(1_795_170_000_000_000 + n));
const state = fc.oneof(
  fc.record({ verdict: fc.constantFrom('fresh', 'gone'), sequence }),
  fc.record({ verdict: fc.constantFrom('superseded', 'unconfirmed') }),
);
/** How an event with and without a subject can stand. */
const standing = fc.oneof(
  fc.record({ subject: some, standing: state }),
  fc.record({ standing: fc.constant({ verdict: 'fresh' }) }),
);
interface SentAndRead {
  readonly payload: Payload;
  readonly value: unknown;
}
const json: fc.Arbitrary<SentAndRead> = fc
  .jsonValue()
  .map((value) => JSON.stringify(value))
  // Numbers above 2^53 come as their digits: that is tested by itself.
  .filter((text) => !/(^|[[:,])-?\d{16,}/.test(text))
  .map((text) => ({ payload: { kind: 'json', text }, value: JSON.parse(text) }));
const contentType = 'application/octet-stream';
const bytes: fc.Arbitrary<SentAndRead> = fc.uint8Array().map((array) => {
  const base64 = Buffer.from(array).toString('base64');
  return {
    payload: { kind: 'bytes', bytes: Buffer.from(array), contentType },
    value: { base64, contentType },
  };
});

const published = fc
  .record({
    id: some,
    type: some,
    time: fc.option(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), {
      nil: undefined,
    }),
    repeatOf: fc.option(some, { nil: undefined }),
    origin: fc.constantFrom('webhook', 'sweep', 'replay'),
    standing,
    payload: fc.oneof(json, bytes),
  })
  .map(({ id, type, time, repeatOf, origin, standing: stands, payload: { payload: sent, value } }) => {
    const { standing: how, ...subject } = stands as { readonly standing: Standing };
    const event = { source: 'github', id, type, ...subject, payload: sent, origin, receivedAt: 0 };
    const publication: Publication = {
      event: { ...event, ...(time === undefined ? {} : { time: time.getTime() }) } as unknown as Event,
      standing: how,
      provider: 'github',
      uri: 'urn:headgate:test',
      ...(repeatOf === undefined ? {} : { repeatOf }),
    };
    const attributes = {
      specversion: '1.0',
      id,
      source: 'urn:headgate:test:github',
      type: `github.${type}`,
      ...subject,
      ...how,
      ...(time === undefined ? {} : { time: time.toISOString() }),
      origin,
      receivedtime: '1970-01-01T00:00:00.000Z',
      ...(repeatOf === undefined ? {} : { repeatof: repeatOf }),
    } as EventAttributes;
    return { publication, attributes, data: { payload: value } };
  });

describe('what the receiver publishes', () => {
  test('is what a subscriber reads', () => {
    fc.assert(
      fc.property(published, ({ publication, attributes, data }) => {
        expect(parseEvent(cloudEvent(publication))).toEqual({ ...attributes, data });
      }),
    );
  });

  test('is what a subscriber reads after it followed the reference of a large event', async () => {
    await fc.assert(
      fc.asyncProperty(published, async ({ publication, attributes, data }) => {
        const dataref = 's3://receiver/events/github/x.json';
        const referenced = parseEvent(cloudEvent(publication, dataref));
        expect(referenced).toEqual({ ...attributes, dataref });
        const fetchObject = async () => Buffer.from(cloudEvent(publication));
        expect(await followDataref(referenced, { buckets: ['receiver'], fetchObject })).toEqual({
          ...attributes,
          data,
        });
      }),
    );
  });
});

describe('what SNS delivers to SQS', () => {
  let cloud: EmbeddedCloud;
  let clients: CloudClients;
  beforeAll(async () => {
    cloud = await startEmbeddedCloud({ secrets: memorySecretStore({}, Date.now) });
    clients = cloudClients(cloud.endpoint);
  });
  afterAll(async () => {
    clients.destroy();
    await cloud.close();
  });

  test.each(['message', 'envelope'] as const)('as %s is what a subscriber reads', async (delivery) => {
    const { TopicArn: topicArn = '' } = await clients.sns.send(new CreateTopicCommand({ Name: delivery }));
    const queue = await subscribeQueue(localConnection(cloud.endpoint), {
      topicArn,
      queueName: delivery,
      delivery,
    });
    const [sample] = fc.sample(published, { numRuns: 1, seed: 7 });
    const { publication, attributes, data } = sample ?? expect.fail();
    await clients.sns.send(new PublishCommand({ TopicArn: topicArn, Message: cloudEvent(publication) }));
    const { Messages = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queue.url, WaitTimeSeconds: 1 }),
    );
    expect(Messages.map((message) => parseEvent(message))).toEqual([{ ...attributes, data }]);
  });
});
