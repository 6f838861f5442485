import { CfnOutput } from 'aws-cdk-lib';
import type { Source } from '../core/source.ts';
import { setUpCommand, storedForm } from './source-secrets.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

export interface OutputsOf {
  readonly sources: readonly Source[];
  /** Sources whose secret is the user's own. */
  readonly imported: ReadonlySet<string>;
  readonly domainTarget: string | undefined;
}

/** What people need after a deployment: where each provider sends to, how its secret gets there, what to subscribe to, what the runbook's commands name. */
export function addOutputs(receiver: WebhookReceiver, { sources, imported, domainTarget }: OutputsOf): void {
  const output = (id: string, value: string, description: string): CfnOutput =>
    new CfnOutput(receiver, id, { value, description });
  for (const source of sources) {
    const { name, provider } = source;
    const secret = receiver.secrets[name];
    output(`Url-${name}`, receiver.url(name), `Where ${provider.title} sends the webhooks of ${name}`);
    if (secret === undefined || imported.has(name)) continue;
    output(
      `Secret-${name}`,
      setUpCommand(secret),
      `Puts the secret of ${name}: run it, type ${storedForm(source)}, Enter, Ctrl-D. Until then its requests get a 503`,
    );
  }
  output('TopicArn', receiver.topic.topicArn, 'Where events come out');
  if (receiver.alarmTopic !== undefined) {
    output(
      'AlarmTopicArn',
      receiver.alarmTopic.topicArn,
      'Where alarms are told: subscribe somebody who reads them',
    );
  }
  output('QueueUrl', receiver.queue.queueUrl, 'The queue of deliveries, for the runbook');
  output('QueueArn', receiver.queue.queueArn, 'The queue of deliveries, for the runbook');
  output('DeadLetterQueueArn', receiver.deadLetterQueue.queueArn, 'The dead letters, for the runbook');
  output('BucketName', receiver.bucket.bucketName, 'Large bodies and spilled deliveries, for the runbook');
  if (domainTarget !== undefined)
    output('DomainTarget', domainTarget, 'What the domain has to point to (CNAME)');
}
