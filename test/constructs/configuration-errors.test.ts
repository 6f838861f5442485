import { type App, CfnParameter, Duration, Fn, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AttributeType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Bucket, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { afterAll, describe, expect, test } from 'vitest';
import type { WebhookReceiverProps } from '../../lib/constructs/webhook-receiver-props.ts';
import type { Sources } from '../../lib/core/source.ts';
import { own, receiverStack, removeOutputs } from './receiver-stack.ts';

afterAll(removeOutputs);

type Given = Partial<WebhookReceiverProps> | ((stack: Stack) => Partial<WebhookReceiverProps>);

const key = (name: string, type: AttributeType = AttributeType.STRING) => ({ name, type });
const certificate = (stack: Stack) =>
  Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:123456789012:certificate/c');
/** Queues that would do, but for what is given. */
const queues = (stack: Stack, queue: QueueProps = {}, dead: QueueProps = {}) => {
  const deadLetterQueue = new Queue(stack, 'D', dead);
  return {
    deadLetterQueue,
    queue: new Queue(stack, 'Q', {
      visibilityTimeout: Duration.minutes(4),
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 100 },
      ...queue,
    }),
  };
};
const bucket =
  (...lifecycleRules: readonly LifecycleRule[]) =>
  (stack: Stack) => ({ bucket: new Bucket(stack, 'B', { lifecycleRules: [...lifecycleRules] }) });
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
    given: (stack) => queues(stack, { visibilityTimeout: Duration.seconds(30) }),
    says: 'Hooks/Q has a visibility timeout of 30 s: it must be at least that of the process function, 50 s.',
  },
  {
    what: 'a queue that waits so long after a crash that a FIFO topic has forgotten what was published',
    given: (stack) => ({ ...queues(stack, { visibilityTimeout: Duration.hours(12) }), fifo: true }),
    says: 'Hooks/Q has a visibility timeout of 43200 s: with a FIFO topic it must be below 250 s',
  },
  {
    what: 'a queue without dead letters',
    given: (stack) => ({ queue: new Queue(stack, 'Q', { visibilityTimeout: Duration.minutes(4) }) }),
    says: 'Hooks/Q has no redrive policy',
  },
  {
    what: 'a queue whose dead letters go elsewhere',
    given: (stack) => ({ ...queues(stack), deadLetterQueue: new Queue(stack, 'Other') }),
    says: 'Hooks/Q sends its dead letters elsewhere than to Hooks/Other: name the same queue',
  },
  {
    what: 'a queue whose dead letters go to a queue that is not given',
    given: (stack) => ({ queue: queues(stack).queue }),
    says: 'Hooks/Q sends its dead letters elsewhere than to Hooks/Receiver/Deliveries/DeadLetters',
  },
  {
    what: 'a queue that gives up at the first crash',
    given: (stack) => {
      const { deadLetterQueue } = queues(stack);
      return {
        deadLetterQueue,
        queue: new Queue(stack, 'Once', {
          visibilityTimeout: Duration.minutes(4),
          deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 1 },
        }),
      };
    },
    says: 'Hooks/Once has a maxReceiveCount of 1: it must be at least 100',
  },
  {
    what: 'a queue for small messages',
    given: (stack) => queues(stack, { maxMessageSizeBytes: 65_536 }),
    says: 'Hooks/Q takes messages of 65536 bytes: it must take 1048576',
  },
  {
    what: 'a queue for small dead letters',
    given: (stack) => queues(stack, {}, { maxMessageSizeBytes: 65_536 }),
    says: 'Hooks/D takes messages of 65536 bytes: it must take 1048576',
  },
  {
    what: 'a bucket that deletes everything after a week',
    given: bucket({ expiration: Duration.days(7) }),
    says: 'Hooks/B has a lifecycle rule that deletes objects under spill/',
  },
  {
    what: 'a bucket that deletes some of what was spilled, some day',
    given: bucket({ prefix: 'spill/chat/', expirationDate: new Date('2030-01-01') }),
    says: 'Hooks/B has a lifecycle rule that deletes objects under spill/',
  },
  {
    what: 'a bucket that deletes bodies before their deliveries',
    given: bucket({ prefix: 'bodies/', expiration: Duration.days(7) }),
    says: 'Hooks/B has a lifecycle rule that deletes objects under bodies/ after 7 days: keep them for at least 30 days',
  },
  {
    what: 'a bucket that deletes large events before their subscribers have read them',
    given: bucket({ prefix: 'e', expiration: Duration.days(29) }),
    says: 'Hooks/B has a lifecycle rule that deletes objects under events/ after 29 days',
  },
  ...['', 'hooks.example.com', 'https://hooks.example.com/a b', 'https://hooks.example.com/?a#b'].map(
    (origin) => ({
      what: `an origin that is no URI to append to: ${JSON.stringify(origin)}`,
      given: { origin },
      says: `origin is ${JSON.stringify(origin)}: write an absolute URI`,
    }),
  ),
  ...[0, -1, 1.5, Number.NaN].map((ingestReservedConcurrency) => ({
    what: `a concurrency of ${ingestReservedConcurrency} for ingest`,
    given: { ingestReservedConcurrency },
    says: `ingestReservedConcurrency is ${ingestReservedConcurrency}: a whole number of at least 1 is allowed.`,
  })),
  {
    what: 'a broken number of functions',
    given: { processReservedConcurrency: 20.5 },
    says: 'processReservedConcurrency is 20.5: a whole number of at least 1 is allowed.',
  },
  ...(['throttleRateLimit', 'throttleBurstLimit'] as const).map((name) => ({
    what: `a ${name} that lets nobody in`,
    given: { [name]: 0 },
    says: `${name} is 0: a whole number of at least 1 is allowed.`,
  })),
  ...(['ingestMemorySize', 'processMemorySize'] as const).flatMap((name) =>
    [64, 10_241, 512.5].map((size) => ({
      what: `${size} MB of memory as ${name}`,
      given: { [name]: size },
      says: `${name} is ${size}: a whole number from 128 to 10240 is allowed.`,
    })),
  ),
  {
    what: 'a threshold of an alarm that is not there',
    given: { alarmThresholds: { 'queue-ages': 1 } as Record<string, number> },
    says: 'alarmThresholds names "queue-ages", which is no alarm: there are api-client-errors, ',
  },
  {
    what: 'a threshold that is no number',
    given: { alarmThresholds: { 'queue-age': Number.NaN } },
    says: 'alarmThresholds has NaN for queue-age: write a number.',
  },
  ...[
    '',
    'wiki/headgate',
    'https://wiki.example.com/head gate',
    `https://wiki.example.com/${'x'.repeat(376)}`,
  ].map((runbookUrl) => ({
    what: `a runbook that no description can link: ${runbookUrl.length} characters, ${runbookUrl.slice(0, 40)}`,
    given: { runbookUrl },
    says: 'runbookUrl is',
  })),
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
    says: 'processMaxConcurrency is 1: a whole number from 2 to 1000 is allowed.',
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
  // As the prop's text says.
  test('20 sources with names of 20 characters: the environment has room for them', () => {
    const names = Array.from({ length: 20 }, (_, n) => `source-${n}`.padEnd(20, '-name'));
    const some = Object.fromEntries(names.map((name) => [name, { ...own, path: `/${name}` }]));
    expect(() => receiverStack({ sources: some })).not.toThrow();
  });

  test('settings that are known only at deployment', () => {
    const number = (stack: Stack, id: string) =>
      new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
    expect(() =>
      receiverStack((stack) => ({
        origin: new CfnParameter(stack, 'Origin').valueAsString,
        runbookUrl: new CfnParameter(stack, 'Runbook').valueAsString,
        ingestMemorySize: number(stack, 'Memory'),
        ingestReservedConcurrency: number(stack, 'Concurrency'),
        throttleRateLimit: number(stack, 'Rate'),
        alarmThresholds: { 'queue-age': number(stack, 'Age') },
      })),
    ).not.toThrow();
  });

  test('queues of another stack or of nobody’s', () => {
    expect(() =>
      receiverStack((stack) => {
        const other = new Stack(stack.node.root as App, 'Queues', {
          env: { account: stack.account, region: stack.region },
        });
        return queues(other);
      }),
    ).not.toThrow();
    expect(() =>
      receiverStack((stack) => ({
        queue: Queue.fromQueueArn(stack, 'Q', 'arn:aws:sqs:eu-west-1:123456789012:deliveries'),
      })),
    ).not.toThrow();
  });

  test('an unknown topic ARN for what the user says it is', () => {
    const { receiver } = receiverStack((stack) => ({
      fifo: true,
      topic: Topic.fromTopicArn(stack, 'T', Fn.importValue('TopicArn')),
    }));
    expect(receiver.topic).toBeDefined();
  });
});
