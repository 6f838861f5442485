import { sequenceOf } from './canonical-key.ts';
import type { Publication, State } from './state.ts';
import type { Model } from './world.ts';

/** Adds a publication, and says which promise it breaks, if any. */
export function published(model: Model, state: State, publication: Publication): State {
  const next = { ...state, published: [...state.published, publication] };
  const violation =
    doubled(model, next, publication) ??
    unordered(model, next, publication) ??
    sequenceWithoutState(model, publication) ??
    hiddenRepeat(model, next, publication);
  return violation === undefined ? next : { ...next, violation };
}

const nameOf = (model: Model, { event }: Publication): string => model.scenario.events[event]?.name ?? '?';

/** P3: once, and a copy only after a crash or an unknown result; a copy that has a sequence has the same. */
function doubled(model: Model, state: State, publication: Publication): string | undefined {
  const copies = state.published.filter(({ event }) => event === publication.event);
  const allowed = 1 + (state.accounts[publication.event]?.allowed ?? 0);
  const name = nameOf(model, publication);
  if (copies.length > allowed) return `P3: ${name} is published ${copies.length} times, ${allowed} allowed`;
  const sequences = new Set(
    copies
      .filter(({ epoch }) => epoch === publication.epoch)
      .map(({ standing }) => sequenceOf(standing))
      .filter((one) => one !== undefined),
  );
  return sequences.size > 1
    ? `P3: copies of ${name} have the sequences ${[...sequences].join(', ')}`
    : undefined;
}

/** P4: of two published states of a subject, the one with the higher sequence is not the older one. */
function unordered(model: Model, state: State, publication: Publication): string | undefined {
  const mine = model.scenario.events[publication.event];
  const sequence = sequenceOf(publication.standing);
  if (mine === undefined || sequence === undefined) return undefined;
  for (const other of state.published) {
    const theirs = model.scenario.events[other.event];
    const stored = sequenceOf(other.standing);
    if (theirs === undefined || stored === undefined || theirs.event.subject !== mine.event.subject) continue;
    if (other.event === publication.event) continue;
    if (stored === sequence) return `P4: ${mine.name} and ${theirs.name} have the same sequence ${sequence}`;
    if (sequence > stored !== mine.truth > theirs.truth)
      return `P4: ${mine.name} (state ${mine.truth}) has sequence ${sequence}, ${theirs.name} (state ${theirs.truth}) has ${stored}`;
  }
  return undefined;
}

/** Only a state in the order has a sequence. */
function sequenceWithoutState(model: Model, publication: Publication): string | undefined {
  const { verdict } = publication.standing;
  if (verdict === 'fresh' || verdict === 'gone' || sequenceOf(publication.standing) === undefined)
    return undefined;
  return `P4: ${nameOf(model, publication)} is ${verdict} and has a sequence`;
}

/** What comes under a signature that came before says so when it is the same, and is not published when it is not. */
function hiddenRepeat(model: Model, state: State, publication: Publication): string | undefined {
  const mine = model.scenario.events[publication.event]?.event;
  if (mine?.content === undefined) return undefined;
  for (const { event, repeatOf } of state.published) {
    const other = model.scenario.events[event]?.event;
    if (other?.content !== mine.content || other.key === mine.key) continue;
    if (other.fingerprint !== mine.fingerprint)
      return `repeat: ${nameOf(model, publication)} is published, though its signature came before with other words`;
    if (repeatOf === undefined && publication.repeatOf === undefined)
      return `repeat: ${nameOf(model, publication)} is published as new, though its bytes came before`;
  }
  return undefined;
}

/** What must hold when every copy has left the queue. */
export function unfinished(model: Model, state: State): string | undefined {
  for (const [index, event] of model.scenario.events.entries()) {
    const out = state.published.filter((one) => one.event === index);
    const dead = state.copies.some((copy) => copy.event === index && copy.place === 'dead letters');
    if (out.length === 0 && !dead) return `liveness: ${event.name} is neither published nor dead`;
    if (dead || event.event.version === undefined) continue;
    const covering = state.published.filter((one) => covers(model, one, index));
    if (
      out.every(({ standing }) => standing.verdict === 'superseded') &&
      covering.length === 0 &&
      !newerIsDead(model, state, index)
    )
      return `liveness: ${event.name} is superseded by no state that is out`;
    if (isNewest(model, index) && !out.some((one) => sequenceOf(one.standing) !== undefined))
      return `liveness: ${event.name} is its subject's newest state and has no sequence`;
  }
  return undefined;
}

function covers(model: Model, publication: Publication, index: number): boolean {
  return sequenceOf(publication.standing) !== undefined && isNewer(model, publication.event, index);
}

function newerIsDead(model: Model, state: State, index: number): boolean {
  return state.copies.some((copy) => copy.place === 'dead letters' && isNewer(model, copy.event, index));
}

function isNewer(model: Model, one: number, than: number): boolean {
  const [left, right] = [model.scenario.events[one]?.event, model.scenario.events[than]?.event];
  if (left?.version === undefined || right?.version === undefined) return false;
  return left.subject === right.subject && left.version > right.version;
}

/** The one state that every other of its subject is older than, by versions, and that comes while rows live. */
function isNewest(model: Model, index: number): boolean {
  const { events, copies, retentionSeconds } = model.scenario;
  const late = copies.some((copy) => copy.event === index && copy.arrives > retentionSeconds * 1000);
  const subject = events[index]?.event.subject;
  return (
    !late &&
    events.every(
      ({ event }, other) => other === index || event.subject !== subject || isNewer(model, index, other),
    )
  );
}
