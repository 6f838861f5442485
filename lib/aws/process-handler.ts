import middy from '@middy/core';
import type { Context, SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { METADATA_ATTRIBUTE, WAITING_ATTRIBUTE } from '../core/delivery.ts';
import { InfrastructureError } from '../core/errors.ts';
import type { MessageOutcome } from '../core/finish-message.ts';
import type { Inlet } from '../core/inlet.ts';
import type { ProcessPorts, ProcessSettings, ProcessWorld, QueuedMessage } from '../core/invocation.ts';
import { parallel } from '../core/parallel.ts';
import type { DeliveryQueue, Visibility } from '../core/ports.ts';
import { type Postponement, postponement } from '../core/postponement.ts';
import { processBatch } from '../core/process.ts';
import type { Report } from '../core/report.ts';
import type { SourceName } from '../core/source.ts';

/** What the handler works with: on AWS and on a laptop the same, but for where the ports lead. */
export interface ProcessWiring {
  readonly inlets: readonly Inlet[];
  readonly settings: Omit<ProcessSettings, 'sources'>;
  readonly ports: ProcessPorts & { readonly queue: DeliveryQueue; readonly visibility: Visibility };
  readonly world: ProcessWorld;
  /** Takes reports as they are made, those of some hundred events at a time. */
  readonly report: (reports: readonly Report[]) => void;
}

export type ProcessHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/**
 * The handler of the delivery queue's batches, with partial batch responses: only what has to wait comes back.
 * @example export const handler = processHandler({ inlets, settings, ports, world, report })
 */
export function processHandler(wiring: ProcessWiring): ProcessHandler {
  const sources = new Map<SourceName, Inlet>(wiring.inlets.map((inlet) => [inlet.source.name, inlet]));

  async function handle(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
    const { ports, settings, world, report } = wiring;
    const outcomes = await processBatch(event.Records.map(toQueued), {
      ...ports,
      ...settings,
      ...world,
      sources,
      deadline: world.now() + context.getRemainingTimeInMillis(),
      report,
    });
    return { batchItemFailures: await postpone(event.Records, outcomes, wiring) };
  }

  // Were it to answer early, what is under way would go on in the next invocation, past its lease.
  const settings = { timeoutEarlyInMillis: 0 };
  return middy<SQSEvent, SQSBatchResponse>(settings).handler(handle) as ProcessHandler;
}

function toQueued(record: SQSRecord): QueuedMessage {
  const waitingSince = record.messageAttributes[WAITING_ATTRIBUTE]?.stringValue ?? '';
  return {
    id: record.messageId,
    message: {
      body: record.body,
      metadata: record.messageAttributes[METADATA_ATTRIBUTE]?.stringValue ?? '',
      // A message that somebody sent by hand may have none, and the dead letters take no empty one.
      group: (record.attributes.MessageGroupId ?? 'unknown') as SourceName,
      ...(/^\d{1,13}$/.test(waitingSince) ? { waitingSince: Number(waitingSince) } : {}),
    },
    receiveCount: Number(record.attributes.ApproximateReceiveCount),
  };
}

interface Waiting {
  readonly record: SQSRecord;
  readonly how: Postponement;
}

/** Sends the copies, hides the rest, and names what the queue has to hand out again. */
async function postpone(
  records: readonly SQSRecord[],
  outcomes: readonly MessageOutcome[],
  { ports: { queue, visibility }, world, report }: ProcessWiring,
): Promise<SQSBatchItemFailure[]> {
  const byId = new Map(records.map((record) => [record.messageId, record] as const));
  const waiting = outcomes.flatMap((outcome): readonly Waiting[] => {
    const record = byId.get(outcome.id);
    if (outcome.kind === 'done' || record === undefined) return [];
    return [{ record, how: postponement(outcome, toQueued(record), world.now()) }];
  });
  const staying = await parallel(waiting, 10, async (one): Promise<readonly Waiting[]> => {
    const { how } = one;
    if (how.kind === 'hide') return [one];
    const sent = queue.send(how.message, { seconds: how.seconds });
    return (await confirmed(sent, [one], report)) ? [] : [one];
  });
  const hidden = staying.flat();
  if (hidden.length > 0) await confirmed(visibility.hide(hidden.map(toHidden)), hidden, report);
  return hidden.map(({ record }) => ({ itemIdentifier: record.messageId }));
}

function toHidden({ record, how }: Waiting): { readonly receipt: string; readonly seconds: number } {
  return { receipt: record.receiptHandle, seconds: how.seconds };
}

/** Without the queue's word the messages come back when the visibility of their receive ends: later than wanted, and not lost. */
async function confirmed(
  call: Promise<void>,
  waiting: readonly Waiting[],
  report: ProcessWiring['report'],
): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    const explanation = error.message;
    report(
      waiting.map(({ record }) => ({
        kind: 'delivery',
        outcome: 'deferred',
        source: toQueued(record).message.group,
        delivery: 'unknown',
        reason: 'infrastructure',
        explanation,
      })),
    );
    return false;
  }
}
