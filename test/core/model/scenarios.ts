import { type Budget, CALM, copiesOf, type ModelEvent, modelEvent, type Scenario } from './scenario.ts';

const DAY_S = 86_400;
const RETENTION_S = 19 * DAY_S;
const LATER = (RETENTION_S + 2 * DAY_S) * 1000;

/** A worker's last moment, the end of the first leases, the end of later ones; in ms. */
const LEASES = [0, 39_000, 46_000, 92_000];
/** Nobody waits for a lease but who comes after a crash. */
const ONE_LEASE = [0, 46_000];
/** Everything that was written in the first minute has expired. */
const EXPIRY = [0, 46_000, LATER];

const CRASH: Budget = { ...CALM, crashes: 1 };
const FAULT: Budget = { ...CALM, faults: 1 };
const CRASH_AND_FAULT: Budget = { ...CALM, crashes: 1, faults: 1 };

function scenario(
  title: string,
  events: readonly ModelEvent[],
  more: Partial<Omit<Scenario, 'title' | 'events'>> = {},
): Scenario {
  return {
    title,
    events,
    copies: copiesOf(events, []),
    times: ONE_LEASE,
    workers: 4,
    retentionSeconds: RETENTION_S,
    budget: CRASH,
    ...more,
  };
}

const a = modelEvent({ name: 'a', version: 1 });
const b = modelEvent({ name: 'b', version: 2 });
const c = modelEvent({ name: 'c', version: 3 });
const d = modelEvent({ name: 'd', version: 4 });

const four = [a, b, c, d];
/** All clocks read the same microsecond, so that the later states have to count up from the earlier ones' sequences. */
const alike = four;
/** Whoever orders a later state has the later clock, by a second. */
const right = four.map((each, index) => ({ ...each, skew: 1_000_000 * index }));
/** The other way round. */
const wrong = four.map((each, index) => ({ ...each, skew: -1_000_000 * index }));

const ties = [
  modelEvent({ name: 'a', version: 1, truth: 1 }),
  modelEvent({ name: 'b', version: 1, truth: 2 }),
  modelEvent({ name: 'c', version: 2, truth: 3 }),
  modelEvent({ name: 'd', version: 2, truth: 4 }),
];

const mixed = [
  modelEvent({ name: 'a', version: 1, truth: 1 }),
  modelEvent({ name: 'b', truth: 2 }),
  modelEvent({ name: 'c', truth: 3 }),
  modelEvent({ name: 'd', version: 2, truth: 4 }),
];

const twoSubjects = [
  a,
  b,
  modelEvent({ name: 'c', subject: 't', version: 1 }),
  modelEvent({ name: 'd', subject: undefined }),
];

const sameBytes = [
  modelEvent({ name: 'a', version: 1, truth: 1, content: 'bytes' }),
  modelEvent({ name: 'b', version: 1, truth: 1, content: 'bytes' }),
];

/** What a replay keeps, with other words in it. */
const forgery = [...sameBytes, modelEvent({ name: 'c', version: 2, content: 'bytes', text: 'another' })];

/** `b` happened last and came first; the others come when its rows may be gone. */
const late = [
  modelEvent({ name: 'a', version: 1, truth: 1, time: -2_000 }),
  modelEvent({ name: 'b', version: 2, truth: 2, time: -1_000 }),
  modelEvent({ name: 'c', truth: 0, time: -3_000 }),
  modelEvent({ name: 'd', version: 3, truth: 3, time: LATER }),
];

/** `a` is the older state, but its time is a minute ahead of when `b` was committed. */
const ahead = [
  modelEvent({ name: 'a', version: 1, time: 60_000 }),
  modelEvent({ name: 'b', version: 2, time: 60_001 }),
];
const JUST_EXPIRED = (RETENTION_S + 50) * 1000;

const reused = [
  modelEvent({ name: 'a', key: 'one', version: 1, time: 0 }),
  modelEvent({ name: 'b', key: 'one', version: 2, time: LATER }),
];

/** For every test run: small enough to be searched whole in seconds. */
export const SCENARIOS: readonly Scenario[] = [
  scenario('four states of one resource, the newer by slower clocks', wrong),
  scenario('four states of one resource, clocks alike, a call that fails', alike, { budget: FAULT }),
  scenario('four states of one resource, two by two of the same version', ties),
  scenario('four states of one resource, two of them without a version', mixed),
  scenario('two states of one resource, a crash and a call that fails', [a, b], { budget: CRASH_AND_FAULT }),
  scenario('four events of two resources and of none', twoSubjects),
  scenario('four copies of one event', [a], { copies: copiesOf([a], [4]), times: LEASES }),
  scenario('two copies of one event, a crash and a call that fails', [a], {
    copies: copiesOf([a], [2]),
    times: LEASES,
    budget: CRASH_AND_FAULT,
  }),
  scenario('two copies of one event, two calls that fail', [a], {
    copies: copiesOf([a], [2]),
    budget: { ...CALM, faults: 2 },
  }),
  scenario('two copies of a state and one of the next', [a, b], {
    copies: copiesOf([a, b], [2, 1]),
    times: LEASES,
  }),
  scenario('two copies each of two states of the same version, a call that fails', ties.slice(0, 2), {
    copies: copiesOf(ties.slice(0, 2), [2, 2]),
    budget: FAULT,
  }),
  scenario('the same signed bytes under two ids, twice each', sameBytes, {
    copies: copiesOf(sameBytes, [2, 2]),
  }),
  scenario('the same signature under three ids, over two bodies', forgery),
  scenario('states that come when the rows of a newer one may be gone', late, {
    copies: [
      { event: 1, arrives: 0 },
      { event: 0, arrives: LATER },
      { event: 2, arrives: LATER },
      { event: 3, arrives: LATER },
    ],
    times: EXPIRY,
    budget: CRASH_AND_FAULT,
  }),
  scenario("an old state with a time ahead of our clock, when a newer state's row may be gone", ahead, {
    copies: [
      { event: 1, arrives: 0 },
      { event: 0, arrives: JUST_EXPIRED },
    ],
    times: [0, JUST_EXPIRED],
  }),
  scenario('a copy that comes when the rows may be gone', late.slice(0, 2), {
    copies: [
      { event: 0, arrives: 0 },
      { event: 1, arrives: 0 },
      { event: 0, arrives: LATER },
      { event: 1, arrives: LATER },
    ],
    times: [0, 46_000, LATER, LATER + 46_000],
  }),
  scenario('a key that is used again after its row has expired', reused, {
    copies: [
      { event: 0, arrives: 0 },
      { event: 0, arrives: 0 },
      { event: 1, arrives: LATER },
      { event: 1, arrives: LATER },
    ],
    times: EXPIRY,
    budget: CRASH_AND_FAULT,
  }),
  scenario('messages that the topic refuses, and a redrive', [a, b], {
    copies: copiesOf([a, b], [2, 1]),
    budget: { crashes: 1, faults: 0, refusals: 1, redrives: 1 },
  }),
];

/** For `node test/core/model/run.ts`: minutes and gigabytes. */
export const LARGE_SCENARIOS: readonly Scenario[] = [
  ...[right, wrong, alike, ties, mixed].map((events, index) =>
    scenario(`four states of one resource, a crash and a call that fails (${index + 1})`, events, {
      budget: CRASH_AND_FAULT,
    }),
  ),
  scenario('four events of two resources and of none, a crash and a call that fails', twoSubjects, {
    budget: CRASH_AND_FAULT,
  }),
  scenario('four events, five copies', [a, b, c, d], {
    copies: copiesOf([a, b, c, d], [1, 2, 1, 1]),
    budget: CRASH,
  }),
  scenario('two copies each of two states', [a, b], { copies: copiesOf([a, b], [2, 2]), times: LEASES }),
  scenario('two copies of a state and one of the next, a crash and a call that fails', [a, b], {
    copies: copiesOf([a, b], [2, 1]),
    times: LEASES,
    budget: CRASH_AND_FAULT,
  }),
  scenario('four copies of one event, a crash and a call that fails', [a], {
    copies: copiesOf([a], [4]),
    times: LEASES,
    budget: CRASH_AND_FAULT,
  }),
  scenario('two copies of one event, two crashes and two calls that fail', [a], {
    copies: copiesOf([a], [2]),
    times: [...LEASES, 138_000],
    budget: { ...CALM, crashes: 2, faults: 2 },
  }),
];
