import { Duration, Fn } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AttributeType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Stack } from 'aws-cdk-lib/core';
import { afterAll, describe, expect, test } from 'vitest';
import type { WebhookReceiverProps } from '../../lib/constructs/webhook-receiver-props.ts';
import type { Sources } from '../../lib/core/source.ts';
import { own, receiverStack, removeOutputs } from './receiver-stack.ts';

afterAll(removeOutputs);

type Given = Partial<WebhookReceiverProps> | ((stack: Stack) => Partial<WebhookReceiverProps>);

const key = (name: string, type: AttributeType = AttributeType.STRING) => ({ name, type });
const certificate = (stack: Stack) =>
  Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:123456789012:certificate/c');
const many = Object.fromEntries(
  Array.from({ length: 40 }, (_, n) => [`source-${n}`, { ...own, path: `/source-${n}` }]),
);

const wrong: readonly { readonly what: string; readonly given: Given; readonly says: string | RegExp }[] = [
  {
    what: 'sources that are not valid',
    given: { sources: { 'Git Hub': own } as Sources },
    says: /Git Hub/,
  },
  { what: 'no sources', given: { sources: {} }, says: /at least one source/ },
  {
    what: 'more sources than the environment has room for',
    given: { sources: many },
    says: /The environment of Hooks\/Receiver\/Ingest would take about \d+ bytes, Lambda allows 4096\. The largest variable is HEADGATE_SECRETS/,
  },
  {
    what: 'a secret of a source that is not there',
    given: (stack) => ({ secrets: { github: Secret.fromSecretNameV2(stack, 'S', 'github') } }),
    says: 'secrets names "github", which is no source: there are chat, bot, calls.',
  },
  {
    what: 'a table with another partition key',
    given: (stack) => ({
      table: new Table(stack, 'T', { partitionKey: key('pk'), timeToLiveAttribute: 'expires' }),
    }),
    says: 'Hooks/T has the key (pk): the ledger needs a partition key "key" of type string, and no sort key.',
  },
  {
    what: 'a table with a sort key',
    given: (stack) => ({
      table: new Table(stack, 'T', {
        partitionKey: key('key'),
        sortKey: key('sk'),
        timeToLiveAttribute: 'expires',
      }),
    }),
    says: 'Hooks/T has the key (key, sk)',
  },
  {
    what: 'a table whose key is a number',
    given: (stack) => ({
      table: new TableV2(stack, 'T', {
        partitionKey: key('key', AttributeType.NUMBER),
        timeToLiveAttribute: 'expires',
      }),
    }),
    says: 'of type string',
  },
  {
    what: 'a table that never expires rows',
    given: (stack) => ({ table: new TableV2(stack, 'T', { partitionKey: key('key') }) }),
    says: 'does not expire rows by "expires"',
  },
  {
    what: 'a standard topic where FIFO is wanted',
    given: (stack) => ({ fifo: true, topic: new Topic(stack, 'T') }),
    says: 'fifo is true, but the given topic Hooks/T is standard',
  },
  {
    what: 'an imported FIFO topic where standard is wanted',
    given: (stack) => ({
      fifo: false,
      topic: Topic.fromTopicArn(stack, 'T', 'arn:aws:sns:eu-west-1:123456789012:events.fifo'),
    }),
    says: 'fifo is false, but the given topic Hooks/T is FIFO',
  },
  {
    what: 'a FIFO queue for deliveries',
    given: (stack) => ({ queue: new Queue(stack, 'Q', { fifo: true }) }),
    says: 'Hooks/Q is a FIFO queue: deliveries need a standard one',
  },
  {
    what: 'a FIFO queue for dead letters',
    given: (stack) => ({ deadLetterQueue: new Queue(stack, 'Q', { fifo: true }) }),
    says: 'Hooks/Q is a FIFO queue',
  },
  {
    what: 'a queue whose messages are seen again before the function ends',
    given: (stack) => ({ queue: new Queue(stack, 'Q') }),
    says: 'Hooks/Q has a visibility timeout of 30 s: it must be at least that of the process function, 40 s.',
  },
  {
    what: 'a ledger that forgets before the last copy can come',
    given: { ledgerRetention: Duration.days(7) },
    says: /ledgerRetention is 604800 s: copies can come for 1641600 s .+ at least that/,
  },
  {
    what: 'a gateway that refuses before the function is full',
    given: { ingestReservedConcurrency: 100, throttleBurstLimit: 100 },
    says: 'ingestReservedConcurrency is 100, the gateway lets 100 requests through',
  },
  {
    what: 'a concurrency that SQS does not take',
    given: { processMaxConcurrency: 1 },
    says: 'processMaxConcurrency is 1: SQS takes whole numbers from 2 to 1000.',
  },
  {
    what: 'fewer functions than batches',
    given: { processReservedConcurrency: 5 },
    says: 'processReservedConcurrency is 5, below processMaxConcurrency (10)',
  },
  {
    what: 'a domain without certificate',
    given: { domainName: 'hooks.example.com' },
    says: "it needs a certificate in the stack's region",
  },
  {
    what: 'a certificate without domain',
    given: (stack) => ({ certificate: certificate(stack) }),
    says: 'certificate and hostedZone are for domainName, which is missing.',
  },
  {
    what: 'a URL for a domain',
    given: (stack) => ({ domainName: 'https://hooks.example.com/', certificate: certificate(stack) }),
    says: 'domainName is "https://hooks.example.com/": write a host name in lower case, without scheme, port or path',
  },
];

describe('synth refuses', () => {
  test.each(wrong)('$what', ({ given, says }) => {
    expect(() => receiverStack(given)).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        message: typeof says === 'string' ? expect.stringContaining(says) : expect.stringMatching(says),
      }),
    );
  });
});

describe('synth takes', () => {
  test('as many sources as the environment has room for', () => {
    const some = Object.fromEntries(Object.entries(many).slice(0, 20));
    expect(() => receiverStack({ sources: some })).not.toThrow();
  });

  test('an unknown topic ARN for what the user says it is', () => {
    const { receiver } = receiverStack((stack) => ({
      fifo: true,
      topic: Topic.fromTopicArn(stack, 'T', Fn.importValue('TopicArn')),
    }));
    expect(receiver.topic).toBeDefined();
  });
});
