import type { ClaimToken } from '../../../lib/core/claim.ts';
import {
  apply,
  type ConditionalWrite,
  type RowKey,
  type WriteAnswer,
} from '../../../lib/core/conditional-write.ts';
import { eventRow } from '../../../lib/core/row-key.ts';
import type { Protocol } from './protocol.ts';
import { type ModelEvent, type Scenario, START } from './scenario.ts';
import { type Account, type Copy, GONE, type ORPHAN, type State, tokenOf } from './state.ts';

/** What is checked: a protocol in a scenario. */
export interface Model {
  readonly scenario: Scenario;
  readonly protocol: Protocol;
  /** `independent steps at once` leaves out orders of steps that can't matter (see `moves.ts`). */
  readonly interleaving: 'all' | 'independent steps at once';
}

export function initialState({ scenario }: Model): State {
  return {
    now: 0,
    rows: {},
    copies: scenario.copies.map((copy) => ({ ...copy, again: false, place: 'queue' })),
    published: [],
    accounts: scenario.events.map(() => ({ epoch: 0, allowed: 0, recordedUntil: undefined })),
    left: scenario.budget,
  };
}

export function eventOf(model: Model, copy: Copy): ModelEvent {
  const event = model.scenario.events[copy.event];
  if (event === undefined) throw new TypeError(`the scenario has no event ${copy.event}`);
  return event;
}

export function copyAt(state: State, index: number): Copy {
  const copy = state.copies[index];
  if (copy === undefined) throw new TypeError(`the scenario has no copy ${index}`);
  return copy;
}

export const eventRowOf = ({ event }: ModelEvent): RowKey => eventRow(event.source, event.key);

export const secondsAt = (now: number): number => Math.floor((START + now) / 1000);

export const tokenFor = (index: number): ClaimToken => tokenOf(index) as ClaimToken;

export function withCopy(state: State, index: number, copy: Copy): State {
  return { ...state, copies: state.copies.with(index, copy) };
}

export function withAccount(state: State, event: number, change: (account: Account) => Account): State {
  const account = state.accounts[event];
  return account === undefined ? state : { ...state, accounts: state.accounts.with(event, change(account)) };
}

/** The ledger's work on one write. */
export function written(
  state: State,
  write: ConditionalWrite,
): { readonly state: State; readonly answer: WriteAnswer } {
  const answer = apply(write, state.rows[write.key]);
  if (answer.kind === 'refused') return { state, answer };
  return { state: { ...state, rows: { ...state.rows, [write.key]: answer.row } }, answer };
}

export function withoutRow(state: State, key: RowKey): State {
  const { [key]: _gone, ...rows } = state.rows;
  return { ...state, rows };
}

/** A worker that is no more can't come back for its claim: nobody has that token. */
export function renameToken(state: State, key: RowKey, from: string, to: typeof GONE | typeof ORPHAN): State {
  const row = state.rows[key];
  if (row?.token !== from) return state;
  return { ...state, rows: { ...state.rows, [key]: { ...row, token: to } } };
}

/** The copy leaves its worker. */
export function leave(
  model: Model,
  state: State,
  index: number,
  place: Exclude<Copy['place'], 'worker'>,
): State {
  const { task: _task, ...copy } = copyAt(state, index);
  const free = renameToken(state, eventRowOf(eventOf(model, copy)), tokenOf(index), GONE);
  return withCopy(free, index, { ...copy, place });
}
