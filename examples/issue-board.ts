import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
// In a project of yours: from 'headgate/events'.
import {
  type EventData,
  followDataref,
  type HeadgateEvent,
  latest,
  once,
  parseEvents,
  type ReadRecord,
  type SubscriberStore,
} from '../lib/events.ts';

/** What this subscriber needs of the world. */
export interface IssueBoardPorts {
  readonly store: SubscriberStore;
  /** The board shows each issue as it is now. */
  readonly board: {
    put(issue: string, sequence: string, data: EventData): Promise<void>;
    remove(issue: string, sequence: string): Promise<void>;
  };
  /** Tells people what happened; once per key, if the mail service keeps to it. */
  readonly notify: (text: string, key: string) => Promise<void>;
  /** Where the data of large events lies. */
  readonly bucket: string;
  readonly fetchObject: (bucket: string, key: string) => Promise<Uint8Array>;
  readonly log: (line: object) => void;
}

/**
 * Two things are done with each event, in a Lambda behind an SQS queue that is subscribed to the topic:
 * people are told of it, once; and the board gets the newest state of the issue, never an older one.
 *
 * @param deadline when the invocation ends, in ms since the epoch.
 */
export async function showIssues(
  batch: SQSEvent,
  deadline: number,
  ports: IssueBoardPorts,
): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const record of parseEvents(batch)) {
    // What fails or is busy goes back to the queue, by itself, and in the end to its dead letters.
    const done = await handleRecord(record, deadline, ports).catch((error: unknown) => {
      ports.log({ messageId: record.messageId, error: String(error) });
      return false;
    });
    if (!done) batchItemFailures.push({ itemIdentifier: record.messageId });
  }
  return { batchItemFailures };
}

async function handleRecord(record: ReadRecord, deadline: number, ports: IssueBoardPorts): Promise<boolean> {
  if (record.kind === 'unreadable') throw record.error;
  const event = await followDataref(record.event, {
    buckets: [ports.bucket],
    fetchObject: ports.fetchObject,
  });
  const shown = await latest(ports.store, event, (state) => show(state, ports), { deadline });
  const told = await once(ports.store, event, ({ type, id }) => ports.notify(type, id), { deadline });
  ports.log({ id: event.id, type: event.type, shown: shown.kind, told: told.kind });
  return shown.kind !== 'busy' && told.kind !== 'busy';
}

function show(
  state: HeadgateEvent & { readonly subject: string; readonly sequence: string },
  { board }: IssueBoardPorts,
): Promise<void> {
  return state.verdict === 'gone'
    ? board.remove(state.subject, state.sequence)
    : board.put(state.subject, state.sequence, state.data);
}
