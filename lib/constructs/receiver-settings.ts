import { Token } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { ConfigurationError } from '../core/errors.ts';
import { ledgerRetentionSeconds, type Resources, resources } from '../core/resources.ts';
import type { Source } from '../core/source.ts';
import { checkSettings } from './check-settings.ts';
import { retentionOf } from './delivery-queue.ts';
import type { CustomDomain } from './ingest-api.ts';
import type { WebhookReceiverProps } from './webhook-receiver-props.ts';

const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/**
 * What runs on AWS, with what the user set over our defaults.
 * @throws {ConfigurationError} for what AWS would refuse, or what would answer providers 429.
 */
export function receiverSettings(props: WebhookReceiverProps): Resources {
  checkSettings(props);
  const fifo = topicIsFifo(props);
  const { functions, gateway, ...rest } = resources({ fifo });
  const settings: Resources = {
    ...rest,
    gateway: {
      rateLimit: props.throttleRateLimit ?? gateway.rateLimit,
      burstLimit: props.throttleBurstLimit ?? gateway.burstLimit,
    },
    functions: {
      ingest: { ...functions.ingest, memoryMb: props.ingestMemorySize ?? functions.ingest.memoryMb },
      process: {
        ...functions.process,
        memoryMb: props.processMemorySize ?? functions.process.memoryMb,
        concurrency: props.processMaxConcurrency ?? functions.process.concurrency,
      },
    },
  };
  checkConcurrency(props, settings);
  return settings;
}

function topicIsFifo({ fifo, topic }: WebhookReceiverProps): boolean {
  if (topic === undefined) return fifo ?? false;
  // The ARN of an imported topic tells its kind, but not before it is known.
  const known = topic instanceof Topic || !Token.isUnresolved(topic.topicArn);
  if (!known) return fifo ?? topic.fifo;
  if (fifo !== undefined && fifo !== topic.fifo) {
    throw new ConfigurationError(
      `fifo is ${fifo}, but the given topic ${topic.node.path} is ${topic.fifo ? 'FIFO' : 'standard'}: leave fifo out, or give a topic of that kind.`,
    );
  }
  return topic.fifo;
}

function checkConcurrency(props: WebhookReceiverProps, { gateway, functions }: Resources): void {
  const { ingestReservedConcurrency: ingest, processReservedConcurrency: process } = props;
  const lowest = Math.min(gateway.rateLimit, gateway.burstLimit);
  if (isKnown(ingest, gateway.rateLimit, gateway.burstLimit) && ingest >= lowest) {
    throw new ConfigurationError(
      `ingestReservedConcurrency is ${ingest}, the gateway lets ${lowest} requests through (throttleRateLimit, throttleBurstLimit): ` +
        'it must let through more, for its 429 is a client error to a provider.',
    );
  }
  const { concurrency } = functions.process;
  if (isKnown(process, concurrency) && process < concurrency) {
    throw new ConfigurationError(
      `processReservedConcurrency is ${process}, below processMaxConcurrency (${concurrency}): batches would be throttled and come back.`,
    );
  }
}

/** What is known only at deployment cannot be compared. */
function isKnown(first: number | undefined, ...others: readonly number[]): first is number {
  return first !== undefined && ![first, ...others].some((one) => Token.isUnresolved(one));
}

/**
 * The custom domain, or undefined when there is none.
 * @throws {ConfigurationError} when half of one is given, or the name is no host name.
 */
export function customDomain({
  domainName,
  certificate,
  hostedZone,
}: WebhookReceiverProps): CustomDomain | undefined {
  if (domainName === undefined) {
    if (certificate === undefined && hostedZone === undefined) return undefined;
    throw new ConfigurationError('certificate and hostedZone are for domainName, which is missing.');
  }
  if (certificate === undefined) {
    throw new ConfigurationError(
      `domainName is ${domainName}: it needs a certificate in the stack's region.`,
    );
  }
  if (!Token.isUnresolved(domainName) && !HOST_NAME.test(domainName)) {
    throw new ConfigurationError(
      `domainName is ${JSON.stringify(domainName)}: write a host name in lower case, without scheme, port or path, like hooks.example.com.`,
    );
  }
  return { name: domainName, certificate, hostedZone };
}

/**
 * How long the ledger keeps its rows, in seconds.
 * @throws {ConfigurationError} when the user's value is shorter than what keeps copies out.
 */
export function ledgerRetention(
  { ledgerRetention: wanted }: WebhookReceiverProps,
  sources: readonly Source[],
  { queue, deadLetterQueue }: { readonly queue: IQueue; readonly deadLetterQueue: IQueue },
): number {
  const shortest = ledgerRetentionSeconds(sources, {
    queueSeconds: retentionOf(queue),
    deadLettersSeconds: retentionOf(deadLetterQueue),
  });
  const seconds = wanted?.toSeconds() ?? shortest;
  if (seconds >= shortest) return seconds;
  throw new ConfigurationError(
    `ledgerRetention is ${seconds} s: copies can come for ${shortest} s (the longest of the providers' retries and of the queue's and ` +
      "dead letters' retention together, and a day), so it must be at least that.",
  );
}
