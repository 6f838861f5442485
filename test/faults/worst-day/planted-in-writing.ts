import type { Condition, ConditionalWrite } from '../../../lib/core/conditional-write.ts';
import type { EventKey } from '../../../lib/core/event.ts';
import type { EventTopic, Ledger, TopicMessage } from '../../../lib/core/ports.ts';
import { eventRow } from '../../../lib/core/row-key.ts';
import type { SourceName } from '../../../lib/core/source.ts';
import type { NamedBug, ProcessorPorts } from './planted-bug.ts';

const writes =
  (change: (write: ConditionalWrite) => ConditionalWrite) =>
  ({ ledger, resources }: ProcessorPorts): ProcessorPorts => ({
    ledger: { ...ledger, write: (write) => ledger.write(change(write)) },
    resources,
  });

const isOf = (kind: 'event' | 'subject', { key }: ConditionalWrite): boolean => key.startsWith(`${kind}#`);
const isClaim = (write: ConditionalWrite): boolean => isOf('event', write) && write.set.state === 'claimed';

const unconditional = ({ condition: _, ...write }: ConditionalWrite): ConditionalWrite => write;

function orExpired(write: ConditionalWrite): ConditionalWrite {
  const { condition, set } = write;
  if (condition === undefined) return write;
  // What the write itself will live until tells what time it is.
  const now = Number(set.expires) - RETENTION_SECONDS;
  const expired: Condition = { kind: 'below', name: 'expires', value: now };
  return { ...write, condition: { kind: 'any', of: [condition, expired] } };
}

/** Nineteen days and an hour, as `ledgerRetentionSeconds` and `order.ts` have it for the sources of a day. */
const RETENTION_SECONDS = 19 * 86_400 + 3_600;

/** Writes that events are out before they are, with the claims that were seen. */
function recordedFirst(topic: EventTopic, ledger: Ledger): EventTopic {
  return {
    async publish(messages) {
      for (const message of messages) await ledger.write(recordOf(message));
      return topic.publish(messages);
    },
  };
}

function recordOf({ message }: TopicMessage): ConditionalWrite {
  const { id, source } = JSON.parse(message) as { readonly id: EventKey; readonly source: string };
  const name = source.slice(source.lastIndexOf(':') + 1) as SourceName;
  return {
    key: eventRow(name, id),
    set: { state: 'published' },
    condition: { kind: 'equal', name: 'state', value: 'claimed' },
  };
}

/** Gives what is superseded a place in the order. */
function sequenced(topic: EventTopic): EventTopic {
  return {
    publish: (messages) =>
      topic.publish(
        messages.map((one) => ({
          ...one,
          message: one.message.replace(
            '"verdict":"superseded"',
            `"sequence":"${Date.parse(received(one.message)) + 600_000}000","verdict":"fresh"`,
          ),
        })),
      ),
  };
}

function received(message: string): string {
  return /"receivedtime":"([^"]*)"/.exec(message)?.[1] ?? '';
}

/** Mistakes in what is written to the ledger, to the queue and to the topic, and in which order. */
export const PLANTED_IN_WRITING: readonly NamedBug[] = [
  {
    title: 'an acknowledgement before the queue has confirmed',
    bug: {
      queue: (queue) => ({
        send: async (message, wait) => {
          queue.send(message, wait).catch(() => {});
        },
      }),
    },
    reconcile: 'off',
    breaks: 'P2',
    shows: /was acknowledged, and is neither published nor dead/,
  },
  {
    title: 'a record before the publication',
    bug: { topic: recordedFirst },
    reconcile: 'off',
    breaks: 'P2',
    shows: /is deleted, and .* is neither published nor dead/,
  },
  {
    title: 'a claim without its condition',
    bug: { processor: writes((write) => (isClaim(write) ? unconditional(write) : write)) },
    reconcile: 'off',
    breaks: 'P3',
    shows: /is published by .* and by/,
  },
  {
    title: 'a commit without its condition',
    bug: { processor: writes((write) => (isOf('subject', write) ? unconditional(write) : write)) },
    reconcile: 'off',
    breaks: 'P4',
    shows: /comes after|puts/,
  },
  {
    title: 'a superseded state that is given a sequence',
    bug: { topic: sequenced },
    reconcile: 'off',
    breaks: 'P4',
    shows: /comes after|puts/,
  },
  {
    title: "an expired row of a subject that doesn't count, although it is still there",
    bug: { processor: writes((write) => (isOf('subject', write) ? orExpired(write) : write)) },
    reconcile: 'off',
    breaks: 'P4',
    shows: /comes after/,
  },
];
