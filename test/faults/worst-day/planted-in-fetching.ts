import type {
  Cell,
  ConditionalWrite,
  Row,
  RowKey,
  WriteAnswer,
} from '../../../lib/core/conditional-write.ts';
import type { EventKey } from '../../../lib/core/event.ts';
import { eventRow } from '../../../lib/core/row-key.ts';
import type { SourceName } from '../../../lib/core/source.ts';
import type { NamedBug, PlantedBug, ProcessorPorts } from './planted-bug.ts';

const isSubject = (key: RowKey): boolean => key.startsWith('subject#');

const isFetchCommit = ({ key, set }: ConditionalWrite): boolean => isSubject(key) && set.from === 'fetch';

/** Changes rows on their way from the ledger to the real code. */
const reads =
  (change: (key: RowKey, row: Row) => Row) =>
  ({ ledger, resources }: ProcessorPorts): ProcessorPorts => ({
    ledger: {
      ...ledger,
      async read(keys) {
        const rows = await ledger.read(keys);
        return new Map([...rows].map(([key, row]) => [key, change(key, row)]));
      },
    },
    resources,
  });

const writes =
  (change: (write: ConditionalWrite) => ConditionalWrite) =>
  ({ ledger, resources }: ProcessorPorts): ProcessorPorts => ({
    ledger: { ...ledger, write: (write) => ledger.write(change(write)) },
    resources,
  });

const without = (row: Row, ...names: readonly string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));

/** Whether the state of a row is out is not asked: it always is. */
function coveredByAny({ ledger, resources }: ProcessorPorts): ProcessorPorts {
  const winners = new Map<RowKey, Cell>();
  return {
    ledger: {
      ...ledger,
      async read(keys) {
        const rows = new Map(await ledger.read(keys));
        for (const [key, row] of rows) {
          const sequence = winners.get(key);
          if (sequence !== undefined) rows.set(key, { ...row, state: 'published', sequence });
          winners.delete(key);
          const [, source] = key.split('#');
          if (isSubject(key) && row.by !== undefined && row.sequence !== undefined)
            winners.set(eventRow(source as SourceName, row.by as EventKey), row.sequence);
        }
        return rows;
      },
    },
    resources,
  };
}

/** Whose commit it was is seen, and not what was committed. */
function payloadAgain({ ledger, resources }: ProcessorPorts): ProcessorPorts {
  const asPayload = (answer: WriteAnswer, key: RowKey): WriteAnswer =>
    answer.kind === 'refused' && isSubject(key) && answer.row?.from === 'fetch'
      ? { ...answer, row: { ...answer.row, from: 'payload' } }
      : answer;
  return {
    ledger: { ...ledger, write: async (write) => asPayload(await ledger.write(write), write.key) },
    resources,
  };
}

const bug = (
  title: string,
  processor: NonNullable<PlantedBug['processor']>,
  rest: Pick<NamedBug, 'reconcile' | 'breaks' | 'shows'>,
): NamedBug => ({ title, bug: { processor }, ...rest });

/** Mistakes where the provider is asked. */
export const PLANTED_IN_FETCHING: readonly NamedBug[] = [
  bug(
    'a fetched state committed without its condition',
    writes((write) => {
      const { condition: _, ...unconditional } = write;
      return isFetchCommit(write) ? unconditional : write;
    }),
    { reconcile: 'always', breaks: 'P4', shows: /comes after|puts/ },
  ),
  bug('an event covered by a state that is committed and never published', coveredByAny, {
    reconcile: 'always',
    breaks: 'end',
    shows: /superseded|what is out is/,
  }),
  bug('a retry that publishes its payload after a fetched state was committed', payloadAgain, {
    reconcile: 'when-unsure',
    breaks: 'P4',
    shows: /comes after|same sequence|puts/,
  }),
  bug(
    'a replica that lags taken for the truth',
    reads((key, row) => (isSubject(key) ? without(row, 'version', 'etag') : row)),
    { reconcile: 'always', breaks: 'P4', shows: /comes after|puts/ },
  ),
];
