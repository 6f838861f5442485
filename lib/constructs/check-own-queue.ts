import * as sqs from 'aws-cdk-lib/aws-sqs';
import { ConfigurationError } from '../core/errors.ts';
import type { Resources } from '../core/resources.ts';

/** For how long a FIFO topic drops a copy of what was published, in seconds. */
const FIFO_MEMORY_SECONDS = 300;

/**
 * Refuses a queue of the user that would lose deliveries or double events. An imported one shows nothing but its kind.
 * @throws {ConfigurationError}
 */
export function checkOwnQueue(queue: sqs.IQueue, deadLetterQueue: sqs.IQueue, resources: Resources): void {
  checkStandard(queue);
  const resource = queue.node.defaultChild;
  if (!(resource instanceof sqs.CfnQueue)) return;
  checkVisibility(queue, resource.visibilityTimeout ?? 30, resources);
  checkMessageSize(queue, resources);
  checkRedrive(queue, queue.stack.resolve(resource.redrivePolicy), deadLetterQueue, resources);
}

/**
 * The same for the user's dead letters.
 * @throws {ConfigurationError}
 */
export function checkOwnDeadLetters(queue: sqs.IQueue, resources: Resources): void {
  checkStandard(queue);
  checkMessageSize(queue, resources);
}

function checkStandard(queue: sqs.IQueue): void {
  if (!queue.fifo) return;
  throw new ConfigurationError(
    `${queue.node.path} is a FIFO queue: deliveries need a standard one (events are put in order by version, not by arrival).`,
  );
}

function checkVisibility(queue: sqs.IQueue, seconds: number, { functions, topic }: Resources): void {
  const { timeoutSeconds } = functions.process;
  if (seconds < timeoutSeconds) {
    throw new ConfigurationError(
      `${queue.node.path} has a visibility timeout of ${seconds} s: it must be at least that of the process function, ${timeoutSeconds} s.`,
    );
  }
  const tooLong = FIFO_MEMORY_SECONDS - timeoutSeconds;
  if (topic.fifo && seconds >= tooLong) {
    throw new ConfigurationError(
      `${queue.node.path} has a visibility timeout of ${seconds} s: with a FIFO topic it must be below ${tooLong} s, or what a crashed ` +
        'function had published is published again after the 5 minutes in which the topic knows a copy.',
    );
  }
}

function checkMessageSize(queue: sqs.IQueue, resources: Resources): void {
  const resource = queue.node.defaultChild;
  const needed = resources.queue.maxMessageBytes;
  // Without a value SQS takes its largest.
  const size = resource instanceof sqs.CfnQueue ? (resource.maximumMessageSize ?? needed) : needed;
  if (size >= needed) return;
  throw new ConfigurationError(
    `${queue.node.path} takes messages of ${size} bytes: it must take ${needed} (maxMessageSizeBytes), for deliveries are as large.`,
  );
}

function checkRedrive(
  queue: sqs.IQueue,
  policy: { readonly deadLetterTargetArn?: unknown; readonly maxReceiveCount?: unknown } | undefined,
  deadLetterQueue: sqs.IQueue,
  resources: Resources,
): void {
  const { path } = queue.node;
  const least = resources.queue.maxReceiveCount;
  if (policy === undefined) {
    throw new ConfigurationError(
      `${path} has no redrive policy: without one a delivery that crashes the process function is tried until it expires. ` +
        `Give it deadLetterQueue: { queue, maxReceiveCount: ${least} }, and the receiver the same deadLetterQueue.`,
    );
  }
  const here = JSON.stringify(queue.stack.resolve(deadLetterQueue.queueArn));
  if (JSON.stringify(policy.deadLetterTargetArn) !== here) {
    throw new ConfigurationError(
      `${path} sends its dead letters elsewhere than to ${deadLetterQueue.node.path}: name the same queue as the receiver's ` +
        'deadLetterQueue, for that one is watched.',
    );
  }
  if (Number(policy.maxReceiveCount) >= least) return;
  throw new ConfigurationError(
    `${path} has a maxReceiveCount of ${policy.maxReceiveCount}: it must be at least ${least}. It is a net for crashes; waiting for AWS ` +
      'to work again must not use it up.',
  );
}
