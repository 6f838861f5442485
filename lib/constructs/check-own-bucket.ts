import * as s3 from 'aws-cdk-lib/aws-s3';
import { ConfigurationError } from '../core/errors.ts';
import { OBJECT_PREFIX, type Resources } from '../core/resources.ts';

const DAY = 86_400;

/**
 * Refuses a bucket of the user whose lifecycle rules delete what is still needed. An imported one does not show its rules.
 * @throws {ConfigurationError}
 */
export function checkOwnBucket(bucket: s3.IBucket, objects: Resources['objects']): void {
  const days = {
    bodies: objects.bodiesRetentionSeconds / DAY,
    events: objects.eventsRetentionSeconds / DAY,
    // All that is left of what was acknowledged.
    spill: Number.POSITIVE_INFINITY,
  };
  for (const rule of rulesOf(bucket)) {
    for (const place of ['spill', 'bodies', 'events'] as const) checkRule(bucket, rule, place, days[place]);
  }
}

function rulesOf(bucket: s3.IBucket): readonly s3.CfnBucket.RuleProperty[] {
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof s3.CfnBucket)) return [];
  const configuration = bucket.stack.resolve(resource.lifecycleConfiguration) as
    | s3.CfnBucket.LifecycleConfigurationProperty
    | undefined;
  return (configuration?.rules ?? []) as readonly s3.CfnBucket.RuleProperty[];
}

function checkRule(
  bucket: s3.IBucket,
  rule: s3.CfnBucket.RuleProperty,
  place: keyof typeof OBJECT_PREFIX,
  leastDays: number,
): void {
  const prefix = OBJECT_PREFIX[place];
  if (!touches(rule, prefix)) return;
  const { expirationInDays: days, expirationDate: date } = rule;
  if (date === undefined && (days === undefined || days >= leastDays)) return;
  const when = days === undefined ? 'on a date' : `after ${days} days`;
  const advice =
    leastDays === Number.POSITIVE_INFINITY
      ? 'accepted deliveries lie there until they are queued. Give the rule another prefix'
      : `keep them for at least ${leastDays} days`;
  throw new ConfigurationError(
    `${bucket.node.path} has a lifecycle rule that deletes objects under ${prefix} ${when}: ${advice}.`,
  );
}

/** Objects have no tags, so a rule that asks for some leaves them alone. */
function touches({ status, prefix, tagFilters }: s3.CfnBucket.RuleProperty, place: string): boolean {
  const tagged = Array.isArray(tagFilters) && tagFilters.length > 0;
  const of = prefix ?? '';
  return status === 'Enabled' && !tagged && (of.startsWith(place) || place.startsWith(of));
}
