import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type AlarmDefinition, alarmDefinitions } from './alarm-definitions.ts';
import type { AlarmName } from './alarm-name.ts';
import { consoleLink } from './console-link.ts';
import type { ReceiverParts } from './receiver-parts.ts';

export interface AlarmSettings {
  readonly thresholds: Readonly<Partial<Record<AlarmName, number>>>;
  readonly actions: readonly cloudwatch.IAlarmAction[];
  readonly runbookUrl: string | undefined;
}

export type ReceiverAlarmsProps = ReceiverParts & AlarmSettings;

/** An alarm for every class of failure. */
export class ReceiverAlarms extends Construct {
  /** By the alarm's name; those of one source by that, a `/` and the source's name. */
  readonly byName: ReadonlyMap<string, cloudwatch.Alarm>;

  constructor(scope: Construct, id: string, props: ReceiverAlarmsProps) {
    super(scope, id);
    this.byName = new Map(
      alarmDefinitions(props).map((definition) => [
        [definition.name, ...(definition.source === undefined ? [] : [definition.source])].join('/'),
        this.create(definition, props),
      ]),
    );
  }

  private create(definition: AlarmDefinition, props: ReceiverAlarmsProps): cloudwatch.Alarm {
    const { name, source, says, look, metric, periods } = definition;
    const alarm = new cloudwatch.Alarm(this, source === undefined ? name : `${name}-${source}`, {
      metric,
      threshold: props.thresholds[name] ?? definition.threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      // No requests are no failure, and counts are only made when they are not zero.
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: [
        says,
        `Runbook: ${runbookEntry(name, props.runbookUrl)}`,
        consoleLink(this, look, props),
      ].join('\n\n'),
    });
    alarm.addAlarmAction(...props.actions);
    alarm.addOkAction(...props.actions);
    return alarm;
  }
}

/** Without a place of the user's own no link: people would follow one to whoever holds the address. */
function runbookEntry(name: AlarmName, url: string | undefined): string {
  return url === undefined ? `docs/runbook.md#${name} (npm package headgate)` : `${url}#${name}`;
}
