import type { ConditionalWrite, WriteAnswer } from '../../../lib/core/conditional-write.ts';
import type { OrderStep, SubjectEvent } from '../../../lib/core/order.ts';
import { published } from './properties.ts';
import { LIFE_MS, START } from './scenario.ts';
import type { Stage, State, Task } from './state.ts';
import {
  copyAt,
  eventOf,
  eventRowOf,
  leave,
  type Model,
  secondsAt,
  tokenFor,
  withAccount,
  withCopy,
  written,
} from './world.ts';

/** What becomes of a call: `lost` is done, and the client repeats it since no answer came. */
export type Call = 'ok' | 'lost' | 'fails' | 'fails, but is done' | 'refused';

/** A worker takes a copy from the queue. */
export function receive(model: Model, state: State, index: number): State {
  const copy = copyAt(state, index);
  const now = START + state.now;
  const task: Task = {
    stage: copy.again ? 'read' : 'claim',
    holds: false,
    claim: {
      token: tokenFor(index),
      now,
      leaseUntil: model.protocol.leaseUntil(now + LIFE_MS),
      retentionSeconds: model.scenario.retentionSeconds,
    },
  };
  return withCopy(state, index, { ...copy, again: true, place: 'worker', task });
}

/** The next call of a worker, and what it makes of the answer: the order of `process-chunk.ts`, one call at a time. */
export function step(model: Model, state: State, index: number, call: Call): State {
  const task = taskOf(state, index);
  switch (task.stage) {
    case 'read':
      return call === 'ok' ? afterRead(model, state, index, task) : leave(model, state, index, 'queue');
    case 'publish':
      return afterPublish(model, state, index, task, call);
    case 'dead-letter':
      if (call === 'ok') return goOn(state, index, { ...task, stage: 'bury' }, model);
      return goOn(state, index, { ...task, stage: 'release', cause: 'none' }, model);
    default:
      return afterWrite(model, state, index, task, call);
  }
}

/** The write that the worker's stage sends; undefined where it sends none. */
export function pendingWrite(
  model: Model,
  state: State,
  index: number,
  task: Task,
): ConditionalWrite | undefined {
  const { protocol } = model;
  const { event } = eventOf(model, copyAt(state, index));
  switch (task.stage) {
    case 'claim':
      return protocol.claimWrite(event, task.claim);
    case 'content':
      return protocol.contentWrite(event, task.claim);
    case 'order':
      return task.commit?.write;
    case 'record':
    case 'record again':
      return protocol.recordWrite(event, task.claim, standingOf(task));
    case 'release':
      return protocol.releaseWrite(event, task.claim, task.cause ?? 'none');
    case 'bury':
      return protocol.deadWrite(event, task.claim, 'publish-refused');
    case 'read':
    case 'publish':
    case 'dead-letter':
      return undefined;
  }
}

/** A write of a worker arrives at the ledger, in time or late. */
export function send(
  model: Model,
  state: State,
  write: ConditionalWrite,
  index: number,
  stage: Stage,
  token: string,
): { readonly state: State; readonly answer: WriteAnswer } {
  const { state: after, answer } = written(state, write);
  if (answer.kind === 'refused') return { state, answer };
  const modelled = eventOf(model, copyAt(state, index));
  const holder = state.rows[eventRowOf(modelled)]?.token;
  const foreign = stage !== 'claim' && write.key === eventRowOf(modelled) && holder !== token;
  const violation = `claim: the row of ${modelled.name} is changed (${stage}) by a worker that does not hold it`;
  return { state: { ...book(model, state, after, index, stage), ...(foreign ? { violation } : {}) }, answer };
}

/** What the checker books when a write has been done, by whomever. */
function book(model: Model, before: State, after: State, index: number, stage: Stage): State {
  const copy = copyAt(after, index);
  const row = after.rows[eventRowOf(eventOf(model, copy))];
  if (stage === 'record' || stage === 'record again') {
    const expires = row?.state === 'published' ? Number(row.expires) : undefined;
    return withAccount(after, copy.event, (account) => ({
      ...account,
      recordedUntil: expires ?? account.recordedUntil,
    }));
  }
  const account = after.accounts[copy.event];
  if (stage !== 'claim' || account?.recordedUntil === undefined) return after;
  if (secondsAt(before.now) <= account.recordedUntil) return after;
  return withAccount(after, copy.event, ({ epoch, allowed }) => ({
    epoch: epoch + 1,
    allowed: allowed + 1,
    recordedUntil: undefined,
  }));
}

function afterWrite(model: Model, state: State, index: number, task: Task, call: Call): State {
  const write = pendingWrite(model, state, index, task);
  if (write === undefined) throw new TypeError(`stage ${task.stage} has nothing to write`);
  if (call === 'fails') return afterFailure(model, state, index, task);
  const { state: after, answer } = send(model, state, write, index, task.stage, tokenFor(index));
  if (call === 'lost') return after;
  if (call === 'fails, but is done') return afterFailure(model, after, index, task);
  return afterAnswer(model, after, index, task, answer);
}

function afterAnswer(model: Model, state: State, index: number, task: Task, answer: WriteAnswer): State {
  const { protocol } = model;
  const modelled = eventOf(model, copyAt(state, index));
  switch (task.stage) {
    case 'claim': {
      const decision = protocol.decideClaim(modelled.event, task.claim, answer);
      switch (decision.kind) {
        case 'claimed':
          return afterClaim(model, state, index, { ...task, holds: true });
        case 'recorded':
        case 'duplicate':
          return finish(model, state, index);
        case 'busy':
          return leave(model, state, index, 'queue');
        case 'collision':
          return goOn(collided(model, state, index, task), index, { ...task, stage: 'dead-letter' }, model);
      }
      break;
    }
    case 'content': {
      const content = protocol.decideContent(modelled.event, answer);
      switch (content.kind) {
        case 'first':
          return beginOrder(model, state, index, task);
        case 'repeat':
          return beginOrder(model, state, index, { ...task, repeatOf: content.of });
        case 'forged':
          return goOn(state, index, { ...task, stage: 'dead-letter' }, model);
      }
      break;
    }
    case 'order': {
      if (task.clock === undefined || task.commit === undefined) throw new TypeError('nothing was tried');
      const next = protocol.nextOrder(
        modelled.event as SubjectEvent,
        task.clock,
        task.commit.sequence,
        answer,
      );
      return ordered(state, index, task, next);
    }
    case 'release':
      return leave(model, state, index, 'queue');
    case 'bury':
      return leave(model, state, index, 'dead letters');
    default:
      return leave(model, state, index, 'done');
  }
}

/** A row that has expired says nothing, so nothing can collide with it. */
function collided(model: Model, state: State, index: number, task: Task): State {
  const modelled = eventOf(model, copyAt(state, index));
  const expires = state.rows[eventRowOf(modelled)]?.expires;
  if (typeof expires !== 'number' || expires >= Math.floor(task.claim.now / 1000)) return state;
  return { ...state, violation: `P2: ${modelled.name} is taken for a collision with a row that has expired` };
}

function afterFailure(model: Model, state: State, index: number, task: Task): State {
  switch (task.stage) {
    case 'content':
    case 'order':
      return goOn(state, index, { ...task, stage: 'release', cause: 'none' }, model);
    case 'record':
      return goOn(state, index, { ...task, stage: 'record again' }, model);
    case 'record again':
      return leave(model, allowCopy(state, copyAt(state, index).event), index, 'queue');
    case 'bury':
      return leave(model, state, index, 'dead letters');
    default:
      return leave(model, state, index, 'queue');
  }
}

function afterRead(model: Model, state: State, index: number, task: Task): State {
  const modelled = eventOf(model, copyAt(state, index));
  const known = model.protocol.decideKnown(modelled.event, state.rows[eventRowOf(modelled)], task.claim.now);
  return known === undefined
    ? goOn(state, index, { ...task, stage: 'claim' }, model)
    : finish(model, state, index);
}

function afterClaim(model: Model, state: State, index: number, task: Task): State {
  const { event } = eventOf(model, copyAt(state, index));
  const content = model.protocol.contentWrite(event, task.claim);
  return content === undefined
    ? beginOrder(model, state, index, task)
    : goOn(state, index, { ...task, stage: 'content' }, model);
}

function beginOrder(model: Model, state: State, index: number, task: Task): State {
  const { event, skew } = eventOf(model, copyAt(state, index));
  if (event.subject === undefined)
    return goOn(state, index, { ...task, stage: 'publish', standing: { verdict: 'fresh' } }, model);
  const now = START + state.now;
  const clock = { now, micros: now * 1000 + skew, retentionSeconds: model.scenario.retentionSeconds };
  return ordered(state, index, { ...task, clock }, model.protocol.firstOrder(event as SubjectEvent, clock));
}

function ordered(state: State, index: number, task: Task, next: OrderStep): State {
  const { commit: _tried, ...rest } = task;
  const placed: Task =
    next.kind === 'commit'
      ? { ...rest, stage: 'order', commit: next }
      : { ...rest, stage: 'publish', standing: next.standing };
  return withCopy(state, index, { ...copyAt(state, index), task: placed });
}

function afterPublish(model: Model, state: State, index: number, task: Task, call: Call): State {
  switch (call) {
    case 'ok':
      return goOn(publish(model, state, index, task), index, { ...task, stage: 'record' }, model);
    case 'lost':
      // The client repeats it by itself, and nobody learns of the copy.
      return publish(model, allowCopy(state, copyAt(state, index).event), index, task);
    case 'fails, but is done': {
      const out = allowCopy(publish(model, state, index, task), copyAt(state, index).event);
      return goOn(out, index, { ...task, stage: 'release', cause: 'publication-failed' }, model);
    }
    case 'fails':
      return goOn(state, index, { ...task, stage: 'release', cause: 'publication-failed' }, model);
    case 'refused':
      return goOn(state, index, { ...task, stage: 'dead-letter' }, model);
  }
}

function publish(model: Model, state: State, index: number, task: Task): State {
  const { event } = copyAt(state, index);
  return published(model, state, {
    event,
    standing: standingOf(task),
    epoch: state.accounts[event]?.epoch ?? 0,
    ...(task.repeatOf === undefined ? {} : { repeatOf: task.repeatOf }),
  });
}

export function allowCopy(state: State, event: number): State {
  return withAccount(state, event, (account) => ({ ...account, allowed: account.allowed + 1 }));
}

/** The copy goes as one of an event that is out. */
function finish(model: Model, state: State, index: number): State {
  const done = leave(model, state, index, 'done');
  const modelled = eventOf(model, copyAt(state, index));
  const { epoch } = state.accounts[copyAt(state, index).event] ?? { epoch: 0 };
  const out = state.published.some((one) => one.epoch === epoch && one.event === copyAt(state, index).event);
  if (out && !hasExpired(state, index)) return done;
  return { ...done, violation: `P2: ${modelled.name} is taken for published, and is not` };
}

function hasExpired(state: State, index: number): boolean {
  const account = state.accounts[copyAt(state, index).event];
  const task = taskOf(state, index);
  return account?.recordedUntil !== undefined && Math.floor(task.claim.now / 1000) > account.recordedUntil;
}

function goOn(state: State, index: number, task: Task, model: Model): State {
  if (task.stage === 'bury' && !task.holds) return leave(model, state, index, 'dead letters');
  if (task.stage === 'release' && !task.holds) return leave(model, state, index, 'queue');
  return withCopy(state, index, { ...copyAt(state, index), task });
}

function standingOf(task: Task): NonNullable<Task['standing']> {
  if (task.standing === undefined) throw new TypeError(`stage ${task.stage} without a standing`);
  return task.standing;
}

export function taskOf(state: State, index: number): Task {
  const { task } = copyAt(state, index);
  if (task === undefined) throw new TypeError(`nobody works on copy ${index}`);
  return task;
}
