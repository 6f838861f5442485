import { setImmediate as turnEnd } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { installFirst } from '../../lib/aws/install-first.ts';
import type { SecretVersions, Versions } from '../../lib/aws/secret-versions.ts';
import { InfrastructureError } from '../../lib/core/errors.ts';
import { parseSecrets, type SigningSecret } from '../../lib/core/secret.ts';
import { plainProvider, sourceOf } from '../core/intake-cases.ts';

const source = sourceOf(plainProvider(), { setup: 'install-secret' });
const now = (): number => 1_000;
const [A, B] = ['a-secret-of-the-provider', 'b-secret-of-somebody-else'] as [SigningSecret, SigningSecret];

interface Stored {
  readonly id: string;
  readonly text: string;
  readonly by: string;
}

/** What becomes of a call. `stale`: a read that is answered by a replica that knows nothing yet. */
type Fate = 'done' | 'fails' | 'lost' | 'stale';

interface Call {
  readonly who: string;
  readonly fates: readonly Fate[];
  readonly go: (fate: Fate) => void;
}

/** One secret, its current versions in order, and the calls that wait for their turn. */
interface World {
  readonly history: Stored[];
  readonly pending: Call[];
}

/** Rules that a store may have: the real ones, and wrong ones to see that they matter. */
type Rules = 'real' | 'promotes-always';

function storeOf(world: World, who: string, rules: Rules): SecretVersions {
  const offered = new Map<string, string>();
  const first = world.history[0] as Stored;
  const current = (): Stored => world.history.at(-1) as Stored;
  const call = <T>(fates: readonly Fate[], work: (fate: Fate) => T): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const broken = new InfrastructureError('secretsmanager:Call', 'unavailable', {
        explanation: 'HTTP 500',
      });
      const go = (fate: Fate): void => {
        try {
          if (fate === 'fails') throw broken;
          const answer = work(fate);
          if (fate === 'lost') reject(broken);
          else resolve(answer);
        } catch (error) {
          reject(error);
        }
      };
      world.pending.push({ who, fates, go });
    });
  return {
    read: () =>
      call(['done', 'fails', 'stale'], (fate): Versions => {
        const { id, text } = fate === 'stale' ? first : current();
        return { current: { id, text, createdAt: 0 } };
      }),
    offer: (text) =>
      call(['done', 'fails', 'lost'], () => {
        const id = `${who} ${offered.size}`;
        offered.set(id, text);
        return id;
      }),
    promote: (id, before) =>
      call(['done', 'fails', 'lost'], () => {
        if (rules === 'real' && before !== current().id)
          throw new InfrastructureError('secretsmanager:Call', 'refused', { explanation: 'HTTP 400' });
        world.history.push({ id, text: offered.get(id) as string, by: who });
      }),
  };
}

interface Scenario {
  readonly stored: string;
  /** Who brings which secret. */
  readonly installers: Readonly<Record<string, SigningSecret>>;
  /** What a person with the console stores, at some moment. */
  readonly person?: string;
  readonly faults: number;
  readonly rules?: Rules;
}

interface Run {
  readonly history: readonly Stored[];
  /** `installed`, `kept`, or that it failed. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** How many choices there were at each step. */
  readonly choices: readonly number[];
}

/** One run: at each step the choice says whose call is next, and what becomes of it. */
async function run(scenario: Scenario, choice: readonly number[]): Promise<Run> {
  const { stored, installers, person, rules = 'real' } = scenario;
  const world: World = { history: [{ id: 'first', text: stored, by: 'the stack' }], pending: [] };
  const outcomes: Record<string, string> = {};
  for (const [who, secret] of Object.entries(installers))
    installFirst(storeOf(world, who, rules), source, secret, now).then(
      ({ outcome }) => {
        outcomes[who] = outcome;
      },
      () => {
        outcomes[who] = 'failed';
      },
    );
  if (person !== undefined) {
    const go = (): void => void world.history.push({ id: 'person', text: person, by: 'person' });
    world.pending.push({ who: 'person', fates: ['done'], go });
  }
  const choices: number[] = [];
  let faults = scenario.faults;
  for (let step = 0; world.pending.length > 0; step += 1) {
    const options = world.pending.flatMap((call) =>
      call.fates.filter((fate) => fate === 'done' || faults > 0).map((fate) => ({ call, fate })),
    );
    choices.push(options.length);
    const { call, fate } = options[choice[step] ?? 0] as (typeof options)[number];
    if (fate !== 'done') faults -= 1;
    world.pending.splice(world.pending.indexOf(call), 1);
    call.go(fate);
    await turnEnd();
  }
  return { history: world.history, outcomes, choices };
}

/** Every run there is, depth first. */
async function everyRun(scenario: Scenario, look: (run: Run) => void): Promise<number> {
  let count = 0;
  let choice: number[] = [];
  for (;;) {
    const one = await run(scenario, choice);
    look(one);
    count += 1;
    const full = one.choices.map((_, step) => choice[step] ?? 0);
    let last = full.length - 1;
    while (last >= 0 && (full[last] as number) + 1 >= (one.choices[last] as number)) last -= 1;
    if (last < 0) return count;
    choice = [...full.slice(0, last), (full[last] as number) + 1];
  }
}

function signing(text: string): readonly string[] {
  const parsed = parseSecrets({ current: { text, createdAt: 0 }, overlapSeconds: 0, now: 0 });
  return parsed.signing.map(({ secret }) => secret);
}

/** What is wrong with a run; nothing when all promises were kept. */
function faultsOf(scenario: Scenario, { history, outcomes }: Run): readonly string[] {
  const unanswered = Object.keys(scenario.installers).filter((who) => outcomes[who] === undefined);
  return [
    ...history.flatMap((version, index) => {
      const before = history[index - 1];
      return before === undefined || version.by === 'person'
        ? []
        : faultsOfVersion(version, before, scenario);
    }),
    ...Object.entries(outcomes).flatMap(([who, outcome]) => faultsOfOutcome(who, outcome, history)),
    ...unanswered.map((who) => `${who} got no answer`),
  ];
}

function faultsOfVersion({ by, text }: Stored, before: Stored, { installers }: Scenario): readonly string[] {
  return [
    ...(signing(before.text).length > 0 ? [`${by} has replaced a stored secret`] : []),
    ...(JSON.parse(text).api === JSON.parse(before.text).api ? [] : [`${by} has lost what stood beside it`]),
    ...(signing(text).join() === installers[by] ? [] : [`${by} has stored something else`]),
  ];
}

function faultsOfOutcome(who: string, outcome: string, history: readonly Stored[]): readonly string[] {
  const stored = history.some(({ by }) => by === who);
  if (outcome === 'installed') return stored ? [] : [`${who} says that it is stored, and it is not`];
  if (outcome === 'failed') return [];
  return [
    ...(history.at(-1)?.by === who ? [`${who} says that another is stored, and its own is`] : []),
    ...(history.some(({ text }) => signing(text).length > 0)
      ? []
      : [`${who} says that another is stored, and none is`]),
  ];
}

const EMPTY = '{"api":"of the stack"}';
const two = { alice: A, mallory: B };

describe('a first secret, whatever the order of the calls and whatever fails of them', () => {
  test.each<[string, Scenario, number]>([
    ['by one alone', { stored: EMPTY, installers: { alice: A }, faults: 4 }, 15],
    ['by two at a time', { stored: EMPTY, installers: two, faults: 3 }, 500],
    ['by two who bring the same', { stored: EMPTY, installers: { alice: A, bob: A }, faults: 3 }, 500],
    [
      'while a person stores another',
      { stored: EMPTY, installers: { alice: A }, person: '{"signing":["by hand"],"api":"new"}', faults: 2 },
      50,
    ],
    [
      'while a person changes what stands beside it',
      { stored: EMPTY, installers: { alice: A }, person: '{"api":"new"}', faults: 2 },
      50,
    ],
    [
      'by two, and a person',
      { stored: EMPTY, installers: two, person: '{"signing":["by hand"]}', faults: 1 },
      500,
    ],
    [
      'where there is one already',
      { stored: '{"signing":["stored"]}', installers: two, person: EMPTY, faults: 1 },
      20,
    ],
  ])('%s: is never replaced, and told as it is', { timeout: 60_000 }, async (_, scenario, atLeast) => {
    const wrong = new Set<string>();
    const count = await everyRun(scenario, (one) => {
      for (const fault of faultsOf(scenario, one)) wrong.add(fault);
    });
    expect([...wrong]).toEqual([]);
    expect(count).toBeGreaterThan(atLeast);
  });

  test('is stored by one of two, and by no other', async () => {
    const outcomes = new Set<string>();
    await everyRun({ stored: EMPTY, installers: two, faults: 0 }, (one) => {
      outcomes.add(Object.values(one.outcomes).toSorted().join());
      expect(one.history).toHaveLength(2);
    });
    expect([...outcomes]).toEqual(['installed,kept']);
  });

  test('would be replaced in a store that moves the label whatever is current', async () => {
    const scenario: Scenario = { stored: EMPTY, installers: two, faults: 0, rules: 'promotes-always' };
    const wrong = new Set<string>();
    await everyRun(scenario, (one) => {
      for (const fault of faultsOf(scenario, one)) wrong.add(fault);
    });
    expect([...wrong]).toContain('mallory has replaced a stored secret');
  });
});
