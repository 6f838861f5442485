import { topicHost } from '../scheme/sns-message.ts';
import type { ConfirmationStepCode } from '../step.ts';
import type { ReadHole } from '../template.ts';

/** Much longer than SNS's. */
const TOKEN = /^[\x21-\x7e]{1,2048}$/;

/**
 * SNS asks whether a subscription is wanted, and takes a call for a yes. The address is made of the topic's own region and the token,
 * never taken from the request's SubscribeURL.
 * Source: https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html
 */
export const step: ConfirmationStepCode = { address };

function address(read: ReadHole): string | undefined {
  const topic = read({ from: 'body', name: 'TopicArn' }) ?? '';
  const token = read({ from: 'body', name: 'Token' }) ?? '';
  const host = topicHost(topic);
  if (host === undefined || !TOKEN.test(token)) return undefined;
  const query = new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn: topic, Token: token });
  return `https://${host}/?${query}`;
}
