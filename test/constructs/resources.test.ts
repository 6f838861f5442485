import type { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ledgerRetentionSeconds, type Resources, resources, routes } from '../../lib/core/resources.ts';
import { parseSources } from '../../lib/core/source.ts';
import { own, removeOutputs, resourceOf, resourcesOf, sources, templateOf } from './receiver-stack.ts';

afterAll(removeOutputs);

const DAY = 86_400;

/** What the template would build, in the words of `resources()`. */
function built(template: Template): Resources {
  const queue = resourceOf(template, 'AWS::SQS::Queue', 'ReceiverDeliveriesQueue').Properties;
  const dead = resourceOf(template, 'AWS::SQS::Queue', 'ReceiverDeliveriesDeadLetters').Properties;
  const table = resourceOf(template, 'AWS::DynamoDB::Table', 'ReceiverLedger').Properties;
  const topic = resourceOf(template, 'AWS::SNS::Topic', 'ReceiverEvents').Properties;
  const stage = resourceOf(template, 'AWS::ApiGatewayV2::Stage', 'ReceiverGateway').Properties;
  const bucket = resourceOf(template, 'AWS::S3::Bucket', 'ReceiverObjects').Properties;
  const [bodies, events] = (bucket.LifecycleConfiguration as { Rules: { ExpirationInDays: number }[] }).Rules;
  const limits = stage.DefaultRouteSettings as Record<string, number>;
  const lambda = (name: string) => {
    const { Timeout, MemorySize } = resourceOf(
      template,
      'AWS::Lambda::Function',
      `Receiver${name}`,
    ).Properties;
    return { timeoutSeconds: Timeout, memoryMb: MemorySize };
  };
  const mapping = resourceOf(template, 'AWS::Lambda::EventSourceMapping', 'ReceiverProcess').Properties;
  return {
    queue: {
      visibilitySeconds: queue.VisibilityTimeout,
      retentionSeconds: queue.MessageRetentionPeriod,
      maxReceiveCount: (queue.RedrivePolicy as { maxReceiveCount: number }).maxReceiveCount,
      maxMessageBytes: queue.MaximumMessageSize,
    },
    deadLetters: { retentionSeconds: dead.MessageRetentionPeriod },
    table: {
      partitionKey: (table.KeySchema as { AttributeName: string }[])
        .map(({ AttributeName }) => AttributeName)
        .join(),
      expiry: (table.TimeToLiveSpecification as { AttributeName: string }).AttributeName,
    },
    topic: { fifo: topic.FifoTopic ?? false },
    gateway: { rateLimit: limits.ThrottlingRateLimit, burstLimit: limits.ThrottlingBurstLimit },
    objects: {
      bodiesRetentionSeconds: Number(bodies?.ExpirationInDays) * DAY,
      eventsRetentionSeconds: Number(events?.ExpirationInDays) * DAY,
    },
    functions: {
      ingest: lambda('Ingest'),
      process: {
        ...lambda('Process'),
        batchSize: mapping.BatchSize,
        concurrency: (mapping.ScalingConfig as { MaximumConcurrency: number }).MaximumConcurrency,
      },
    },
  } as Resources;
}

describe('what is deployed is what runs on a laptop', () => {
  let template: Template;
  beforeAll(() => {
    template = templateOf({ sources: { ...sources, own } });
  });

  test('the template builds what resources() says', () => {
    expect(built(template)).toEqual(resources({ fifo: false }));
  });

  test('also with a FIFO topic', () => {
    expect(built(templateOf({ fifo: true }))).toEqual(resources({ fifo: true }));
  });

  test('the API answers exactly the routes of routes(), all by one function', () => {
    const deployed = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(
      ([, { Properties }]) => Properties.RouteKey,
    );
    const wanted = routes(parseSources({ ...sources, own })).map(({ method, path }) => `${method} ${path}`);
    expect(deployed.toSorted()).toEqual(wanted.toSorted());
    expect(wanted).toContain('GET /acme-blue');
    expect(resourcesOf(template, 'AWS::ApiGatewayV2::Integration')).toHaveLength(1);
  });
});

describe('a copy finds the ledger still knowing', () => {
  const retention = (template: Template): unknown => {
    const { Environment } = resourceOf(template, 'AWS::Lambda::Function', 'ReceiverProcess').Properties;
    return (Environment as { Variables: Record<string, unknown> }).Variables
      .HEADGATE_LEDGER_RETENTION_SECONDS;
  };

  test('as long as queue and dead letters keep a delivery, and a day', () => {
    const { queue, deadLetters } = resources({ fifo: false });
    expect(Number(retention(templateOf()))).toBe(queue.retentionSeconds + deadLetters.retentionSeconds + DAY);
  });

  test('as long as the most patient provider sends again, and a day', () => {
    expect(retention(templateOf({ sources: { ...sources, own } }))).toBe(String(41 * DAY));
    expect(ledgerRetentionSeconds(parseSources({ ...sources, own }))).toBe(41 * DAY);
  });
});

test('a worker that dies and the one after it publish within the five minutes in which a FIFO topic drops copies', () => {
  const { queue, functions } = resources({ fifo: true });
  expect(queue.visibilitySeconds + functions.process.timeoutSeconds).toBeLessThan(300);
  expect(queue.visibilitySeconds).toBeGreaterThanOrEqual(4 * functions.process.timeoutSeconds);
});
