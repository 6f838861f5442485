import { CfnOutput } from 'aws-cdk-lib';
import type { Source } from '../core/source.ts';
import { setUpCommand } from './source-secrets.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

/** What people need after a deployment: where each provider sends to, how its secret gets there, who to subscribe to. */
export function addOutputs(
  receiver: WebhookReceiver,
  sources: readonly Source[],
  imported: ReadonlySet<string>,
): void {
  for (const { name, provider } of sources) {
    const secret = receiver.secrets[name];
    new CfnOutput(receiver, `Url-${name}`, {
      value: receiver.url(name),
      description: `Where ${provider.title} sends the webhooks of ${name}`,
    });
    if (secret === undefined || imported.has(name)) continue;
    new CfnOutput(receiver, `Secret-${name}`, {
      value: setUpCommand(secret),
      description: `Puts the secret of ${name}; until then its requests get a 503`,
    });
  }
  new CfnOutput(receiver, 'TopicArn', {
    value: receiver.topic.topicArn,
    description: 'Where events come out',
  });
  if (receiver.alarmTopic !== undefined) {
    new CfnOutput(receiver, 'AlarmTopicArn', {
      value: receiver.alarmTopic.topicArn,
      description: 'Where alarms are told: subscribe somebody who reads them',
    });
  }
}
