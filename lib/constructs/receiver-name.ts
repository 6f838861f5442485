import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Names a receiver within its account and region, for people and for metrics: the stack's name and the ids below it.
 * @example receiverName(receiver) // Headgate.Receiver
 */
export function receiverName(receiver: Construct): string {
  const path = receiver.node.scopes;
  const stack = path.find(Stack.isStack);
  const below = path.slice(path.findIndex(Stack.isStack) + 1).map(({ node }) => node.id);
  return [stack?.stackName ?? '', ...below].join('.').replaceAll(/[^\w.-]/g, '-');
}
