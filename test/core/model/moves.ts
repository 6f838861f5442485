import type { ClaimToken } from '../../../lib/core/claim.ts';
import type { Row, RowKey } from '../../../lib/core/conditional-write.ts';
import { contentRow, subjectRow } from '../../../lib/core/row-key.ts';
import { isOpen } from './canonical-key.ts';
import { LIFE_MS, type ModelEvent, START } from './scenario.ts';
import { GONE, ORPHAN, type Stage, type State, type Task, tokenOf } from './state.ts';
import { allowCopy, type Call, pendingWrite, receive, send, step, taskOf } from './worker.ts';
import {
  copyAt,
  eventOf,
  eventRowOf,
  leave,
  type Model,
  renameToken,
  secondsAt,
  withCopy,
  withoutRow,
} from './world.ts';

export interface Move {
  /** Which event or row it is about. */
  readonly who: string;
  readonly what: string;
  readonly state: State;
}

/**
 * All that can happen next.
 *
 * With `independent steps at once`, a worker whose next call no other can see or be seen by makes it before anything else happens
 * (its crash and each fault of the call included). Such steps commute with all others, so no reachable outcome is left out: a moment
 * that passes before such a step does the same after it, and one that ends the worker there is the worker's crash, then that moment.
 */
export function moves(model: Model, state: State): readonly Move[] {
  const busy = [...state.copies.keys()].filter((index) => copyAt(state, index).place === 'worker');
  if (model.interleaving === 'independent steps at once') {
    const alone = busy.find((index) => isIndependent(model, state, index));
    if (alone !== undefined) return workerMoves(model, state, alone);
  }
  return [
    ...busy.flatMap((index) => workerMoves(model, state, index)),
    ...receives(model, state, busy.length),
    ...orphanMoves(model, state),
    ...deletions(state),
    ...redrives(model, state),
    ...timeMoves(model, state, busy),
  ];
}

function workerMoves(model: Model, state: State, index: number): readonly Move[] {
  const task = taskOf(state, index);
  const who = nameOf(model, index, state);
  const move = (call: Call, from: State): Move => ({
    who,
    what: call === 'ok' ? task.stage : `${task.stage}, ${call}`,
    state: step(model, from, index, call),
  });
  const { left } = state;
  const faulty = { ...state, left: { ...left, faults: left.faults - 1 } };
  return [
    move('ok', state),
    ...(left.faults > 0 ? faults(task.stage).map((call) => move(call, faulty)) : []),
    ...(left.refusals > 0 && task.stage === 'publish'
      ? [move('refused', { ...state, left: { ...left, refusals: left.refusals - 1 } })]
      : []),
    ...(left.crashes > 0 ? crashes(model, state, index, task, who) : []),
  ];
}

const nameOf = (model: Model, index: number, state: State): string =>
  `${eventOf(model, copyAt(state, index)).name} (copy ${index})`;

function faults(stage: Stage): readonly Call[] {
  switch (stage) {
    case 'read':
    case 'dead-letter':
      return ['fails'];
    default:
      return ['lost', 'fails', 'fails, but is done'];
  }
}

function crashes(model: Model, state: State, index: number, task: Task, who: string): readonly Move[] {
  const dead = crash(model, state, index);
  const write = pendingWrite(model, state, index, {
    ...task,
    claim: { ...task.claim, token: ORPHAN as ClaimToken },
  });
  const plain = { who, what: `crash before ${task.stage}`, state: dead };
  if (write === undefined || state.orphan !== undefined) return [plain];
  const key = eventRowOf(eventOf(model, copyAt(state, index)));
  const held = renameToken(state, key, tokenOf(index), ORPHAN);
  const orphaned = { ...crash(model, held, index), orphan: { write, copy: index, stage: task.stage } };
  return [plain, { who, what: `crash while ${task.stage} is on its way`, state: orphaned }];
}

/** The worker is gone, its copy comes back. What it had published without a record will be published again. */
function crash(model: Model, state: State, index: number): State {
  const { stage } = taskOf(state, index);
  const left = { ...state.left, crashes: state.left.crashes - 1 };
  const back = leave(model, { ...state, left }, index, 'queue');
  return stage === 'record' || stage === 'record again' ? allowCopy(back, copyAt(state, index).event) : back;
}

function orphanMoves(model: Model, state: State): readonly Move[] {
  const { orphan, ...rest } = state;
  if (orphan === undefined) return [];
  const { state: after } = send(model, rest, orphan.write, orphan.copy, orphan.stage, ORPHAN);
  const key = eventRowOf(eventOf(model, copyAt(state, orphan.copy)));
  const what = `late ${orphan.stage} arrives`;
  return [{ who: nameOf(model, orphan.copy, state), what, state: renameToken(after, key, ORPHAN, GONE) }];
}

function receives(model: Model, state: State, busy: number): readonly Move[] {
  if (busy >= model.scenario.workers) return [];
  return state.copies.flatMap((copy, index) =>
    copy.place === 'queue' && copy.arrives <= state.now
      ? [{ who: nameOf(model, index, state), what: 'receive', state: receive(model, state, index) }]
      : [],
  );
}

/** DynamoDB deletes expired rows some time, or never. */
function deletions(state: State): readonly Move[] {
  return Object.entries(state.rows)
    .filter(([, row]) => hasExpired(state, row))
    .map(([key]) => ({ who: key, what: 'row is deleted', state: withoutRow(state, key as RowKey) }));
}

function redrives(model: Model, state: State): readonly Move[] {
  const { left } = state;
  if (left.redrives === 0) return [];
  return state.copies.flatMap((copy, index) =>
    copy.place === 'dead letters'
      ? [
          {
            who: nameOf(model, index, state),
            what: 'redrive',
            state: withCopy({ ...state, left: { ...left, redrives: left.redrives - 1 } }, index, {
              ...copy,
              place: 'queue',
            }),
          },
        ]
      : [],
  );
}

/** More than any call can take. */
const LONGEST_CALL_MS = 60_000;

/** Time goes to the next moment of the scenario; workers that have reached their deadline by then have crashed. */
function timeMoves(model: Model, state: State, busy: readonly number[]): readonly Move[] {
  const next = model.scenario.times.find((time) => time > state.now);
  if (next === undefined || someCopyIsLeftBehind(model, state, next)) return [];
  const ended = busy.filter((index) => taskOf(state, index).claim.now + LIFE_MS <= START + next);
  if (ended.length > state.left.crashes) return [];
  const { orphan, ...after } = ended.reduce((before, index) => crash(model, before, index), state);
  const stillOnItsWay = orphan !== undefined && next - state.now < LONGEST_CALL_MS;
  return [
    {
      who: 'time',
      what: `${next / 1000} s`,
      state: { ...after, now: next, ...(stillOnItsWay ? { orphan } : {}) },
    },
  ];
}

/** The ledger keeps its rows for longer than a copy can lie in the queue and among the dead letters. */
function someCopyIsLeftBehind(model: Model, state: State, next: number): boolean {
  const oldest = next - model.scenario.retentionSeconds * 1000;
  return state.copies.some((copy) => isOpen(state, copy) && copy.arrives < oldest);
}

/** Does no other actor read or write what the worker's next call touches, now or later? */
function isIndependent(model: Model, state: State, index: number): boolean {
  const { stage } = taskOf(state, index);
  if (stage === 'publish' || stage === 'dead-letter') return true;
  const row = rowOf(eventOf(model, copyAt(state, index)), stage);
  if (row === undefined) throw new TypeError(`stage ${stage} touches no row`);
  const touched = state.rows[row];
  if (state.orphan?.write.key === row || (touched !== undefined && hasExpired(state, touched))) return false;
  return state.copies.every(
    (copy, other) => other === index || !isOpen(state, copy) || rowOf(eventOf(model, copy), stage) !== row,
  );
}

/** The row that an event's worker touches in this stage. */
function rowOf(modelled: ModelEvent, stage: Stage): RowKey | undefined {
  const { source, subject, content } = modelled.event;
  switch (stage) {
    case 'order':
      return subject === undefined ? undefined : subjectRow(source, subject);
    case 'content':
      return content === undefined ? undefined : contentRow(source, content);
    default:
      return eventRowOf(modelled);
  }
}

function hasExpired(state: State, row: Row): boolean {
  return typeof row.expires === 'number' && row.expires < secondsAt(state.now);
}
