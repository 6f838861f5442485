import { describe, expect, test } from 'vitest';
import { explore, type Result } from './explore.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { real } from './protocol.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

/** A search takes seconds on an idle machine. */
const TIMEOUT_MS = 120_000;

const results = new Map<Scenario, Result>();

function searched(scenario: Scenario): Result {
  const known = results.get(scenario);
  if (known !== undefined) return known;
  const result = explore({ scenario, protocol: real, interleaving: 'independent steps at once' });
  results.set(scenario, result);
  return result;
}

function named(title: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.title === title);
  if (found === undefined) throw new TypeError(`no scenario is called ${title}`);
  return found;
}

/** What a failing test shows: the broken promise and the shortest way to it. */
function told(result: Result): string {
  return result.kind === 'holds' ? 'holds' : [result.promise, ...result.trace].join('\n  ');
}

function outcomes(title: string): readonly string[] {
  const result = searched(named(title));
  return result.kind === 'holds' ? [...result.outcomes].sort() : [told(result)];
}

describe('claim and order keep every promise, whatever happens in whichever order', {
  timeout: TIMEOUT_MS,
}, () => {
  test.each(SCENARIOS)('$title', (scenario) => {
    expect(told(searched(scenario))).toBe('holds');
  });

  test('the search crashes before and in every call, and every call fails in every way', () => {
    const seen = new Set(
      SCENARIOS.flatMap((scenario) => {
        const result = searched(scenario);
        return result.kind === 'holds' ? [...result.seen] : [];
      }),
    );
    const calls = ['claim', 'content', 'order', 'publish', 'record', 'release'];
    const writes = calls.filter((call) => call !== 'publish');
    const expected = [
      ...[...calls, 'read', 'dead-letter', 'bury', 'receive', 'redrive'],
      ...[...calls, 'read', 'dead-letter', 'bury'].map((call) => `crash before ${call}`),
      ...[...writes, 'bury'].map((call) => `crash while ${call} is on its way`),
      ...['claim', 'order', 'publish', 'record', 'release'].flatMap((call) => [
        `${call}, lost`,
        `${call}, fails`,
        `${call}, fails, but is done`,
      ]),
      ...['read, fails', 'record again', 'publish, refused', 'row is deleted'],
      ...writes.map((call) => `late ${call} arrives`),
    ];
    expect(expected.filter((label) => !seen.has(label))).toEqual([]);
  });

  test('leaving out orders of independent steps leaves out no outcome', () => {
    const scenario = named('two states of one resource, a crash and a call that fails');
    const all = explore({ scenario, protocol: real, interleaving: 'all' });
    const fewer = searched(scenario);
    if (all.kind !== 'holds' || fewer.kind !== 'holds') throw new Error(`${told(all)}\n${told(fewer)}`);
    expect(all.states).toBeGreaterThan(fewer.states);
    expect([...fewer.outcomes].sort()).toEqual([...all.outcomes].sort());
  });
});

describe('how events stand in the end', { timeout: TIMEOUT_MS }, () => {
  test('states with different versions are fresh or superseded, and the newest is always fresh', () => {
    for (const outcome of outcomes('four states of one resource, the newer by slower clocks')) {
      expect(outcome).not.toContain('unconfirmed');
      expect(outcome).toMatch(/d fresh \d/);
    }
  });

  test('states that come in order are all fresh, and their sequences are in the order of their versions', () => {
    const clocks = ['the newer by slower clocks', 'clocks alike, a call that fails'];
    for (const title of clocks.map((of) => `four states of one resource, ${of}`))
      expect(outcomes(title)).toContain('a fresh 1, b fresh 2, c fresh 3, d fresh 4');
  });

  test('of two states with the same version one is fresh, the other unconfirmed or superseded', () => {
    const all = outcomes('four states of one resource, two by two of the same version');
    expect(all).toContain('a fresh 1, b unconfirmed, c fresh 2, d unconfirmed');
    for (const outcome of all) {
      expect(outcome).not.toMatch(/a fresh.*b fresh/);
      expect(outcome).not.toMatch(/c fresh.*d fresh/);
    }
  });

  test('a state without version is fresh only if its subject had none before', () => {
    for (const outcome of outcomes('four states of one resource, two of them without a version')) {
      expect(outcome).not.toMatch(/[bc] fresh [2-9]|[bc] superseded/);
    }
  });

  test('an old state that comes when the rows may be gone is unconfirmed or superseded', () => {
    for (const outcome of outcomes('states that come when the rows of a newer one may be gone')) {
      expect(outcome).toMatch(/a (unconfirmed|superseded)/);
    }
  });

  test('the same signed bytes under a second id are published as a repeat of the first', () => {
    for (const outcome of outcomes('the same signed bytes under two ids, twice each')) {
      expect(outcome).toMatch(/a [a-z]+( \d)?, b [a-z]+( \d)? \(repeats a\)|a [a-z]+( \d)? \(repeats b\), b/);
    }
  });

  test('what comes under the same signature with other words is never published beside the first', () => {
    for (const outcome of outcomes('the same signature under three ids, over two bodies')) {
      expect(outcome).toMatch(/^(?!.*c )|^c [a-z]+( \d)?$/);
    }
  });
});

describe('the search finds a planted mistake and the shortest way to its harm', {
  timeout: TIMEOUT_MS,
}, () => {
  test.each(PLANTED_BUGS)('$title', ({ protocol, scenario, shows }) => {
    const result = explore({
      scenario: named(scenario),
      protocol,
      interleaving: 'independent steps at once',
    });
    if (result.kind === 'holds')
      expect.fail(`${result.states} states were searched, and every promise holds`);
    expect(told(result)).toMatch(shows);
    expect(result.trace.length).toBeGreaterThan(0);
  });
});
