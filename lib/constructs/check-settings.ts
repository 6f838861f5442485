import { Token } from 'aws-cdk-lib';
import { ConfigurationError } from '../core/errors.ts';
import { ALARM_NAMES } from './alarm-name.ts';
import type { WebhookReceiverProps } from './webhook-receiver-props.ts';

/** A URI to which `/` and a source's name are appended: nothing after its path. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`?#]+$/i;
const LINK = /^https?:\/\/\S+$/;
/** Leaves room for the rest of an alarm's description, which CloudWatch limits to 1,024 characters. */
const LINK_LIMIT = 400;

/**
 * Refuses single settings that AWS or the functions would refuse later. What is known only at deployment is let pass.
 * @throws {ConfigurationError} naming the prop, its value and what is allowed.
 */
export function checkSettings(props: WebhookReceiverProps): void {
  checkWhole('ingestReservedConcurrency', props.ingestReservedConcurrency, 1);
  checkWhole('processReservedConcurrency', props.processReservedConcurrency, 1);
  checkWhole('throttleRateLimit', props.throttleRateLimit, 1);
  checkWhole('throttleBurstLimit', props.throttleBurstLimit, 1);
  checkWhole('ingestMemorySize', props.ingestMemorySize, 128, 10_240);
  checkWhole('processMemorySize', props.processMemorySize, 128, 10_240);
  checkWhole('processMaxConcurrency', props.processMaxConcurrency, 2, 1000);
  checkOrigin(props.origin);
  checkRunbook(props.runbookUrl);
  checkThresholds(props.alarmThresholds ?? {});
}

function checkWhole(
  name: keyof WebhookReceiverProps,
  value: number | undefined,
  least: number,
  most?: number,
): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (Number.isInteger(value) && value >= least && value <= (most ?? value)) return;
  const allowed = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new ConfigurationError(`${name} is ${value}: a whole number ${allowed} is allowed.`);
}

function checkOrigin(origin: string | undefined): void {
  if (origin === undefined || Token.isUnresolved(origin) || ORIGIN.test(origin)) return;
  throw new ConfigurationError(
    `origin is ${JSON.stringify(origin)}: write an absolute URI without query and fragment, like https://hooks.example.com; ` +
      "a source's name is appended to it.",
  );
}

function checkRunbook(url: string | undefined): void {
  if (url === undefined || Token.isUnresolved(url)) return;
  if (LINK.test(url) && url.length <= LINK_LIMIT) return;
  throw new ConfigurationError(
    `runbookUrl is ${JSON.stringify(url)}: write an http or https URL of at most ${LINK_LIMIT} characters, for an alarm's description ` +
      'must hold it.',
  );
}

function checkThresholds(thresholds: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(thresholds)) {
    if (!ALARM_NAMES.some((one) => one === name)) {
      throw new ConfigurationError(
        `alarmThresholds names "${name}", which is no alarm: there are ${ALARM_NAMES.join(', ')}.`,
      );
    }
    if (!Number.isFinite(value)) {
      throw new ConfigurationError(`alarmThresholds has ${value} for ${name}: write a number.`);
    }
  }
}
