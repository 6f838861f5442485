export { ALARM_NAMES, type AlarmName } from './constructs/alarm-name.ts';
export { SubscriberQueue, type SubscriberQueueProps } from './constructs/subscriber-queue.ts';
export { WebhookReceiver } from './constructs/webhook-receiver.ts';
export type { WebhookReceiverProps } from './constructs/webhook-receiver-props.ts';
export { ConfigurationError } from './core/errors.ts';
export type { MetricName } from './core/metric.ts';
export type { Sources } from './core/source.ts';
