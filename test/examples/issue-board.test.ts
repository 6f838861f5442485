import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { beforeEach, describe, expect, test } from 'vitest';
import { type IssueBoardPorts, showIssues } from '../../examples/issue-board.ts';
import { type HeadgateEvent, memoryStore, type ReferencedEvent } from '../../lib/events.ts';
import { issue, star } from '../core/subscriber/example-events.ts';

const deadline = Number.MAX_SAFE_INTEGER;
let board: Map<string, string>;
let told: string[];
let ports: IssueBoardPorts;

beforeEach(() => {
  board = new Map();
  told = [];
  ports = {
    store: memoryStore({ subscriber: 'issue-board', now: () => 1 }),
    board: {
      put: async (at, sequence) => {
        board.set(at, sequence);
      },
      remove: async (at) => {
        board.delete(at);
      },
    },
    notify: async (_, key) => {
      told.push(key);
    },
    bucket: 'receiver',
    fetchObject: async () => Buffer.from(JSON.stringify(issue(1))),
    log: () => undefined,
  };
});

function batchOf(...events: readonly (HeadgateEvent | ReferencedEvent | 'garbage')[]): SQSEvent {
  const records = events.map((event, n) => ({ messageId: `m${n}`, body: JSON.stringify(event) }));
  return { Records: records as SQSRecord[] };
}

describe('the issue board', () => {
  test('shows the newest state, whatever the order, and tells of each event once', async () => {
    const batch = batchOf(issue(2), issue(1), issue(3), issue(2), star);
    expect(await showIssues(batch, deadline, ports)).toEqual({ batchItemFailures: [] });
    expect([...board]).toEqual([[issue(3).subject, issue(3).sequence]]);
    expect(told).toEqual([issue(2).id, issue(1).id, issue(3).id, star.id]);
  });

  test('does not show an issue again that is gone', async () => {
    const gone: HeadgateEvent = { ...issue(5), verdict: 'gone' };
    await showIssues(batchOf(issue(1), gone, issue(4)), deadline, ports);
    expect([...board]).toEqual([]);
    expect(told).toHaveLength(3);
  });

  test('gives back what failed, alone, and does only the rest of it when it comes again', async () => {
    let broken = true;
    const notify = ports.notify;
    const flaky: IssueBoardPorts = {
      ...ports,
      notify: (text, key) =>
        broken && key === issue(1).id ? Promise.reject(new Error('mail down')) : notify(text, key),
    };
    const batch = batchOf('garbage', issue(1), issue(7, 'other'));
    expect(await showIssues(batch, deadline, flaky)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm1' }],
    });
    broken = false;
    expect(await showIssues(batchOf(issue(1)), deadline, flaky)).toEqual({ batchItemFailures: [] });
    expect(told).toEqual([issue(7, 'other').id, issue(1).id]);
  });

  test('gives back what another invocation is at', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow = { ...ports, notify: () => promise };
    const first = showIssues(batchOf(star), deadline, slow);
    expect(await showIssues(batchOf(star), deadline, ports)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }],
    });
    resolve();
    expect(await first).toEqual({ batchItemFailures: [] });
  });

  test('follows the reference of a large event, to its bucket only', async () => {
    const { data: _, ...attributes } = issue(1);
    const large: ReferencedEvent = { ...attributes, dataref: 's3://receiver/events/x.json' };
    expect(await showIssues(batchOf(large), deadline, ports)).toEqual({ batchItemFailures: [] });
    expect(board.size).toBe(1);
    const elsewhere: ReferencedEvent = { ...large, dataref: 's3://stranger/events/x.json' };
    expect(await showIssues(batchOf(elsewhere), deadline, ports)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }],
    });
  });
});
