import { PublishBatchCommand, type PublishBatchRequestEntry, SNSClient } from '@aws-sdk/client-sns';
import type { EventTopic, PublishAnswer, TopicMessage } from '../core/ports.ts';
import { type Connection, clientSettings } from './client-settings.ts';
import { confirmed } from './confirmed.ts';
import { withinLimit } from './within-limit.ts';

const CALL = 'sns:PublishBatch';

export function snsClient(limitMs: number, connection?: Connection): SNSClient {
  return new SNSClient(clientSettings(limitMs, connection));
}

/** What a topic is: SNS says it by the name alone. */
export function topicKind(topicArn: string): 'standard' | 'fifo' {
  return topicArn.endsWith('.fifo') ? 'fifo' : 'standard';
}

/**
 * The topic of events, standard or FIFO by its ARN. Each message has an answer of its own; only when the whole call fails is
 * that an `InfrastructureError`.
 */
export function snsEventTopic(options: {
  readonly client: SNSClient;
  readonly topicArn: string;
  /** The longest that a call may take, in ms. */
  readonly limitMs: number;
}): EventTopic {
  const { client, topicArn, limitMs } = options;
  const kind = topicKind(topicArn);
  return {
    async publish(messages) {
      if (messages.length === 0) return [];
      const entries = messages.map((message, index) => toEntry(message, index, kind));
      const command = new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries: entries });
      const output = await confirmed(
        CALL,
        withinLimit(limitMs, (within) => client.send(command, within)),
      );
      const answers = new Map<string | undefined, PublishAnswer>([
        ...(output.Successful ?? []).map(({ Id }) => [Id, { kind: 'published' }] as const),
        ...(output.Failed ?? []).map((entry) => [entry.Id, failure(entry)] as const),
      ]);
      return entries.map(
        ({ Id }) => answers.get(Id) ?? { kind: 'unknown', cause: `${CALL} gave no answer for it` },
      );
    },
  };
}

function toEntry(message: TopicMessage, index: number, kind: 'standard' | 'fifo'): PublishBatchRequestEntry {
  const attributes = Object.entries(message.attributes).filter(([, value]) => value !== '');
  return {
    Id: String(index),
    Message: message.message,
    MessageAttributes: Object.fromEntries(
      attributes.map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    ),
    ...(kind === 'fifo'
      ? { MessageGroupId: message.group, MessageDeduplicationId: message.deduplicationId }
      : {}),
  };
}

/** The sender's fault stays however often it is sent, unless it is that we send too fast. */
function failure(entry: {
  readonly Code: string | undefined;
  readonly SenderFault: boolean | undefined;
}): PublishAnswer {
  const code = entry.Code ?? 'Error';
  const kind = entry.SenderFault === true && !/throttl/i.test(code) ? 'refused' : 'unknown';
  return { kind, cause: `${CALL}: ${code}` };
}
