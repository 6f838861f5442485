import { afterAll, describe, expect, test } from 'vitest';
import { parallel } from '../../lib/core/parallel.ts';
import type { Fault } from '../../lib/local/cloud-service.ts';
import {
  OPERATIONS,
  openStation,
  type Plan,
  type Published,
  type SeenCall,
  type Settled,
  type Station,
} from './process-on-cloud.ts';
import { SCENARIOS, type Scenario, SOURCES } from './process-scenarios.ts';

/**
 * A fault that begins with a certain call. It meets this call only (`once`), or until time passes all calls of its kind (`outage`)
 * or all calls whatsoever (`blackout`: seen from outside, the worker has died).
 */
interface Trouble {
  readonly fault: Fault;
  readonly span: 'once' | 'outage' | 'blackout';
}

const TROUBLES: readonly Trouble[] = [
  { fault: 'fail', span: 'once' },
  { fault: 'throttle', span: 'once' },
  { fault: 'lose-answer', span: 'once' },
  { fault: 'fail', span: 'outage' },
  { fault: 'lose-answer', span: 'outage' },
  { fault: 'fail', span: 'blackout' },
  { fault: 'lose-answer', span: 'blackout' },
];

type TopicKind = 'standard' | 'fifo';

interface Run {
  readonly topic: TopicKind;
  readonly scenario: Scenario;
  /** Number of the call, from 0; undefined for a calm run. */
  readonly from?: number;
  readonly trouble?: Trouble;
}

interface Ended extends Settled {
  readonly run: Run;
  readonly tag: string;
}

/** Not all at once, so that no call times out for want of a processor. */
const WIDTH = 8;

/** Each is used by one run at a time. */
const idle: Record<TopicKind, Station[]> = { standard: [], fifo: [] };
const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

async function stationFor(topic: TopicKind): Promise<Station> {
  const free = idle[topic].pop();
  if (free !== undefined) return free;
  const station = await openStation(topic, SOURCES);
  closers.push(station.close);
  return station;
}

let runs = 0;

async function play(run: Run): Promise<Ended> {
  const { scenario, topic } = run;
  const station = await stationFor(topic);
  runs += 1;
  const tag = `run-${runs}`;
  await scenario.prepare(station, tag);
  const settled = await station.settle(planOf(run));
  idle[topic].push(station);
  return { ...settled, run, tag };
}

function planOf({ scenario, from = Number.POSITIVE_INFINITY, trouble }: Run): Plan {
  let begunWith: string | undefined;
  let over = false;
  let failing = scenario.failing;
  return {
    fault(index, operation) {
      if (operation === failing) return 'fail';
      if (index < from || over) return undefined;
      begunWith ??= operation;
      const meets =
        index === from ||
        trouble?.span === 'blackout' ||
        (trouble?.span === 'outage' && operation === begunWith);
      if (!meets) return undefined;
      // In a blackout only the first call may have been done.
      return trouble?.span === 'blackout' && index > from ? 'fail' : trouble?.fault;
    },
    timePasses() {
      failing = undefined;
      over = begunWith !== undefined;
    },
  };
}

/** Every trouble at every call there is without one, and in the calm. */
async function playAll(topic: TopicKind, scenario: Scenario): Promise<readonly Ended[]> {
  const calm = await play({ topic, scenario });
  const all = calm.calls.flatMap((_, from) =>
    TROUBLES.map((trouble): Run => ({ topic, scenario, from, trouble })),
  );
  return [calm, ...(await parallel(all, WIDTH, play))];
}

/** What is wrong with how it ended. */
function faultsOf(ended: Ended): readonly string[] {
  const { published, dead, run, tag } = ended;
  const { scenario } = run;
  const out = [...new Set(published.map(({ id }) => id))];
  const faults = [
    ...unequal('events', out, scenario.published(tag)),
    ...unequal('dead letters', [...new Set(dead)], scenario.dead ?? []),
    ...(published.length > out.length && !mayRepeat(ended) ? ['copies that need not be'] : []),
    ...out.flatMap((id) => sequences(published.filter((one) => one.id === id)).slice(1)),
    ...(scenario.newest === undefined
      ? []
      : unequal('newest state', lastStates(published), [scenario.newest(tag)])),
  ];
  return faults.map((fault) => `${JSON.stringify(run)}: ${fault}; ${JSON.stringify(ended.calls)}`);
}

function unequal(what: string, got: readonly string[], wanted: readonly string[]): readonly string[] {
  const same = JSON.stringify(got.toSorted()) === JSON.stringify(wanted.toSorted());
  return same ? [] : [`${what}: ${got} instead of ${wanted}`];
}

/** The sequences of one event; there has to be one at most. */
function sequences(copies: readonly Published[]): readonly string[] {
  return [...new Set(copies.flatMap(({ sequence }) => sequence ?? []))];
}

function lastStates(published: readonly Published[]): readonly string[] {
  const highest = sequences(published).toSorted().at(-1);
  return [...new Set(published.filter(({ sequence }) => sequence === highest).map(({ id }) => id))];
}

/** Only an unknown result of publishing, or one that could not be recorded for as long as the worker lived; and no copy passes a FIFO topic. */
function mayRepeat({ calls, run: { topic, trouble } }: Ended): boolean {
  if (topic === 'fifo') return false;
  const isUnknown = ({ operation, fault }: SeenCall): boolean =>
    operation === 'PublishBatch' && fault === 'lose-answer';
  const out = calls.findIndex(({ operation, fault }) => operation === 'PublishBatch' && fault === undefined);
  const unrecorded =
    out >= 0 &&
    trouble?.span !== 'once' &&
    calls.slice(out).some(({ operation, fault }) => operation === 'UpdateItem' && fault !== undefined);
  return calls.some(isUnknown) || unrecorded;
}

function copiesOf({ published }: Ended): number {
  return published.length - new Set(published.map(({ id }) => id)).size;
}

/** For titles: vitest cuts off `$name`. */
function named(scenarios: readonly Scenario[]): (readonly [string, Scenario])[] {
  return scenarios.map((scenario) => [scenario.name, scenario]);
}

describe('whatever fails at whichever AWS call of the processor, all comes out, and once unless nobody can know', () => {
  const seen = new Set<string>();

  test.each(named(SCENARIOS))('%s', { timeout: 120_000 }, async (_name, scenario) => {
    const all = await playAll('standard', scenario);
    expect(all.flatMap(faultsOf)).toEqual([]);
    for (const { calls } of all) for (const { operation } of calls) seen.add(operation);
    // A worker that dies between publishing and recording costs a copy: so the test would see one that need not be.
    if (scenario.published('').length > 0) expect(all.some((ended) => copiesOf(ended) > 0)).toBe(true);
  });

  test('which are all the calls there are', () => {
    expect([...seen].toSorted()).toEqual(OPERATIONS.toSorted());
  });
});

describe('on a FIFO topic', () => {
  test.each(named(SCENARIOS.filter(({ newest }) => newest !== undefined)))(
    'even that copy is dropped: %s',
    { timeout: 120_000 },
    async (_name, scenario) => {
      expect((await playAll('fifo', scenario)).flatMap(faultsOf)).toEqual([]);
    },
  );
});
