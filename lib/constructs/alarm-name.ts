/** The alarms of a receiver. Each is an entry of docs/runbook.md by the same name. */
export const ALARM_NAMES = [
  'api-client-errors',
  'api-server-errors',
  'api-latency',
  'unavailable',
  'missing-secrets',
  'signature-rejections',
  'nothing-accepted',
  'request-rejections',
  'older-secrets',
  'installed-secrets',
  'spilled',
  'ingest-errors',
  'ingest-throttles',
  'queue-age',
  'process-errors',
  'process-throttles',
  'deferred',
  'reconcile-failures',
  'publish-latency',
  'collisions',
  'repeated-content',
  'new-dead-letters',
  'dead-letters',
  'subscription-failures',
] as const;

export type AlarmName = (typeof ALARM_NAMES)[number];
