import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALARM_NAMES } from '../../lib/constructs/alarm-name.ts';
import { METRICS } from '../../lib/core/metric.ts';
import { flat } from './flat.ts';
import {
  own,
  receiverStack,
  removeOutputs,
  resourcesOf,
  sources,
  templateOf,
  withReconciled,
  withSetup,
} from './receiver-stack.ts';

afterAll(removeOutputs);

interface Alarm {
  readonly AlarmDescription: unknown;
  readonly Threshold: number;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Dimensions?: readonly Dimension[];
  readonly Metrics?: readonly {
    readonly Id: string;
    readonly Expression?: string;
    readonly MetricStat?: {
      readonly Metric: { readonly MetricName: string; readonly Dimensions?: readonly Dimension[] };
      readonly Period: number;
      readonly Stat: string;
    };
  }[];
}

interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

const PER_SOURCE: ReadonlySet<string> = new Set(['signature-rejections', 'nothing-accepted']);

/** Only of sources in set-up. */
const IN_SETUP = 'installed-secrets';

/** Only where a provider's API is asked. */
const RECONCILED = 'reconcile-failures';

const ROOT = join(import.meta.dirname, '../..');

/** The members of a union of texts, from the source: types leave no list behind. */
function unionOf(name: string, source: string): readonly string[] {
  const [, members = ''] = new RegExp(`type ${name} =([^;]+);`).exec(source) ?? [];
  return [...members.matchAll(/'([\w-]+)'/g)].map(([, member = '']) => member);
}

/** Alarms by the name that their description links, those of a source with it. */
function alarmsOf(template: Template): ReadonlyMap<string, Alarm> {
  return new Map(
    resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => {
      const alarm = Properties as unknown as Alarm;
      const [, name = ''] = /runbook\.md#([\w-]+)/.exec(flat(alarm.AlarmDescription)) ?? [];
      const dimensions = [
        alarm.Dimensions,
        ...(alarm.Metrics ?? []).map(({ MetricStat }) => MetricStat?.Metric.Dimensions),
      ].flatMap((one) => one ?? []);
      const source = dimensions.find(({ Name }) => Name === 'Source')?.Value;
      return [source === undefined ? name : `${name}/${source}`, alarm];
    }),
  );
}

describe('every failure has an alarm', () => {
  let template: Template;
  let alarms: ReadonlyMap<string, Alarm>;
  beforeAll(() => {
    template = templateOf();
    alarms = alarmsOf(template);
  });

  test('each by its name, two of them for each source', () => {
    const names = ALARM_NAMES.filter((name) => name !== IN_SETUP && name !== RECONCILED).flatMap((name) =>
      PER_SOURCE.has(name) ? Object.keys(sources).map((source) => `${name}/${source}`) : [name],
    );
    expect([...alarms.keys()].toSorted()).toEqual(names.toSorted());
    expect(resourcesOf(template, 'AWS::CloudWatch::Alarm')).toHaveLength(names.length);
  });

  test('each has one entry in the runbook, and the runbook no other', async () => {
    const runbook = await readFile(join(ROOT, 'docs/runbook.md'), 'utf8');
    const entries = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(entries).toEqual([...ALARM_NAMES]);
  });

  test('the runbook explains every reason for which a request is refused, an event given up or a resource unknown', async () => {
    const [runbook = '', rejections = '', reports = '', ports = ''] = await Promise.all(
      ['docs/runbook.md', 'lib/core/rejection.ts', 'lib/core/report.ts', 'lib/core/ports.ts'].map((file) =>
        readFile(join(ROOT, file), 'utf8'),
      ),
    );
    const reasons = [
      unionOf('RejectionReason', rejections),
      unionOf('DeadReason', reports),
      unionOf('FetchFailure', ports),
    ].flat();
    expect(reasons).toEqual(
      expect.arrayContaining(['wrong-signature', 'no-secret', 'attempts-exhausted', 'no-permit']),
    );
    expect(reasons.filter((reason) => !runbook.includes(`\`${reason}\``))).toEqual([]);
  });

  test('each says what happened and links the place to look at', () => {
    for (const { AlarmDescription } of alarms.values()) {
      const description = flat(AlarmDescription);
      expect(description).toMatch(
        /^[A-Z].{20,}\.\n\nRunbook: docs\/runbook\.md#[a-z-]+ \(npm package headgate\)\n\n[A-Z][a-z]+: https:\S+$/i,
      );
      expect(description.length).toBeLessThan(1024);
    }
    expect(flat(alarms.get('dead-letters')?.AlarmDescription)).toContain(
      'https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1#/queues/https%3A%2F%2Fsqs.eu-west-1.amazonaws.com%2F123456789012%2F<ReceiverDeliveriesDeadLetters.QueueName>',
    );
    expect(flat(alarms.get('process-errors')?.AlarmDescription)).toContain(
      'https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/<ReceiverProcessFunction>',
    );
  });

  test('each is sent when it goes on and off, and silent where there is no traffic', () => {
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^ReceiverAlarmMessagesTopic') }],
      OKActions: [{ Ref: Match.stringLikeRegexp('^ReceiverAlarmMessagesTopic') }],
      TreatMissingData: 'notBreaching',
      ComparisonOperator: 'GreaterThanThreshold',
    });
  });

  test('our own metrics are named as the functions make them', () => {
    const ours = [...alarms.values()].filter(({ Namespace }) => Namespace?.startsWith('Headgate/'));
    expect(ours).toHaveLength(13);
    for (const { Namespace, MetricName, Statistic, ExtendedStatistic } of ours) {
      expect(Namespace).toBe('Headgate/Hooks.Receiver');
      const metric = METRICS[MetricName as keyof typeof METRICS];
      expect(metric.unit === 'Count' ? Statistic : ExtendedStatistic).toBe(
        metric.unit === 'Count' ? 'Sum' : 'p99',
      );
    }
  });

  test('a secret that a set-up request has stored is told of, where one may be: it may be a forger’s', () => {
    const [alarm] = [...alarmsOf(templateOf({ sources: withSetup('install-secret') }))].filter(([name]) =>
      name.startsWith(IN_SETUP),
    );
    expect(alarm).toMatchObject([
      'installed-secrets/waiting',
      { MetricName: 'InstalledSecrets', Threshold: 0, Statistic: 'Sum' },
    ]);
    expect(flat(alarm?.[1].AlarmDescription)).toContain('Was it yours?');
    expect([...alarmsOf(templateOf({ sources: withSetup(undefined) })).keys()].join()).not.toContain(
      IN_SETUP,
    );
  });

  test('an API that does not tell how resources stand is told of, where one is asked, and shown', () => {
    const asking = templateOf({ sources: withReconciled() });
    expect(alarmsOf(asking).get(RECONCILED)).toMatchObject({
      MetricName: 'FetchFailures',
      Threshold: 0,
      EvaluationPeriods: 3,
      Statistic: 'Sum',
    });
    const [[, dashboard] = []] = resourcesOf(asking, 'AWS::CloudWatch::Dashboard');
    expect(flat(dashboard?.Properties.DashboardBody)).toContain('FetchWaits');
    const [[, other] = []] = resourcesOf(template, 'AWS::CloudWatch::Dashboard');
    expect(flat(other?.Properties.DashboardBody)).not.toContain('FetchWaits');
  });

  test('a secret that is wrong from the start is told of, however few requests come', () => {
    for (const source of Object.keys(sources)) {
      const alarm = alarms.get(`nothing-accepted/${source}`);
      expect(alarm?.Threshold).toBe(0);
      const [expression, ...metrics] = alarm?.Metrics ?? [];
      expect(expression?.Expression).toBe('IF(accepted > 0, 0, refused)');
      const of = Object.fromEntries(metrics.map(({ Id, MetricStat }) => [Id, MetricStat]));
      expect(of).toMatchObject({
        accepted: { Metric: { MetricName: 'Accepted' }, Period: 3_600, Stat: 'Sum' },
        refused: { Metric: { MetricName: 'SignatureRejections' }, Period: 3_600, Stat: 'Sum' },
      });
    }
    // Without it the expression has no value at all in the hours in which nothing was accepted.
    expect(METRICS.Accepted).toMatchObject({ from: 'ingest', emitted: 'always' });
  });

  test.each([
    ['api-server-errors', '100 * failed / requests', 1],
    ['api-client-errors', 'IF(failed >= 20, 100 * failed / requests, 0)', 25],
  ])('%s goes by the share of requests', (name, expression, threshold) => {
    expect(alarms.get(name)).toMatchObject({
      Threshold: threshold,
      Metrics: [{ Expression: expression }, {}, {}],
    });
  });

  test('one unusable request is told of: it may be a delivery that comes no more', () => {
    expect(alarms.get('request-rejections')?.Threshold).toBe(0);
  });

  test('a dead letter is told of while an older one still lies in the queue', () => {
    expect(alarms.get('new-dead-letters')).toMatchObject({
      MetricName: 'DeadLetters',
      Statistic: 'Sum',
      Threshold: 0,
    });
    expect(alarms.get('dead-letters')).toMatchObject({ MetricName: 'ApproximateNumberOfMessagesVisible' });
  });

  test('CloudWatch may publish to the alarm topic and use its key', () => {
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          {
            Sid: 'CloudWatchPublishesAlarms',
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Resource: '*',
          },
        ]),
      },
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [{ Ref: Match.stringLikeRegexp('^ReceiverAlarmMessagesTopic') }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': '123456789012' },
              ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:*:123456789012:alarm:*' },
            },
          }),
        ]),
      },
    });
  });

  test('one dashboard shows them all', () => {
    const [[, dashboard] = [], ...others] = resourcesOf(template, 'AWS::CloudWatch::Dashboard');
    expect(others).toEqual([]);
    const body = JSON.parse(flat(dashboard?.Properties.DashboardBody).replaceAll(/<[^>]+>/g, 'x')) as {
      widgets: { type: string; properties: { alarms?: unknown[]; title: string } }[];
    };
    expect(body.widgets.find(({ type }) => type === 'alarm')?.properties.alarms).toHaveLength(alarms.size);
    expect(body.widgets.length).toBeGreaterThan(8);
  });
});

test('latency is measured by the most impatient provider', () => {
  const patient = alarmsOf(templateOf({ sources: { own } })).get('api-latency');
  const impatient = alarmsOf(templateOf({ sources: { own, chat: sources.chat ?? own } })).get('api-latency');
  expect(patient?.Threshold).toBe(2_000);
  expect(impatient?.Threshold).toBe(1_500);
});

test('a threshold of the user replaces the default', () => {
  const alarms = alarmsOf(templateOf({ alarmThresholds: { 'queue-age': 3_600 } }));
  expect(alarms.get('queue-age')?.Threshold).toBe(3_600);
});

describe('alarms of the user', () => {
  test('actions alone make no topic', () => {
    const { stack, receiver } = receiverStack((of) => ({
      alarmActions: [new SnsAction(new Topic(of, 'Pager'))],
    }));
    const template = Template.fromStack(stack);
    expect(receiver.alarmTopic).toBeUndefined();
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Pager') }],
    });
    template.resourceCountIs('AWS::SNS::Topic', 2);
  });

  test('a topic and actions are both told', () => {
    const template = templateOf((of: Stack) => ({
      alarmTopic: new Topic(of, 'Chat'),
      alarmActions: [new SnsAction(new Topic(of, 'Pager'))],
    }));
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Chat') }, { Ref: Match.stringLikeRegexp('^Pager') }],
    });
  });

  test('a runbook of the user is linked instead of ours', () => {
    const template = templateOf({ runbookUrl: 'https://wiki.example.com/headgate' });
    const [[, first] = []] = resourcesOf(template, 'AWS::CloudWatch::Alarm');
    expect(flat(first?.Properties.AlarmDescription)).toContain(
      'Runbook: https://wiki.example.com/headgate#api-client-errors',
    );
  });

  test('the longest link that is taken fits into every description', () => {
    const runbookUrl = `https://wiki.example.com/${'x'.repeat(375)}`;
    const longestName = 'x'.repeat(256);
    for (const [, { Properties }] of resourcesOf(templateOf({ runbookUrl }), 'AWS::CloudWatch::Alarm')) {
      const description = flat(Properties.AlarmDescription).replaceAll(/<[^>]+>/g, longestName);
      expect(description.length).toBeLessThanOrEqual(1024);
    }
  });
});
