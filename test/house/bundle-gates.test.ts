import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleFunctions, inputsAtStart } from '../../scripts/bundle-functions.ts';

/** What a cold start must not pay for, by the path of the input that brings it. */
const unwanted: Readonly<Record<string, RegExp>> = {
  undici: /\/undici\//,
  SSO: /[/-]sso(-oidc)?[/.-]/,
  STS: /[/-]sts[/.-]/,
  'profile files': /[/-]ini[/.-]/,
  XML: /xml/i,
  S3: /\/(client|middleware-sdk)-s3\//,
  zod: /\/zod\//,
  'X-Ray': /x-?ray/i,
};

let outdir: string;
let ingest: ReadonlyMap<string, number>;
let process: ReadonlyMap<string, number>;

beforeAll(async () => {
  outdir = await mkdtemp(join(tmpdir(), 'headgate-gates-'));
  const reports = await bundleFunctions({ outdir });
  const ofFunction = (name: string): ReadonlyMap<string, number> =>
    inputsAtStart(reports.get(name) ?? expect.fail(`${name} is not bundled`));
  ingest = ofFunction('ingest');
  process = ofFunction('process');
});

afterAll(() => rm(outdir, { recursive: true }));

function bytes(inputs: ReadonlyMap<string, number>, wanted: (path: string) => boolean): number {
  return [...inputs].filter(([path]) => wanted(path)).reduce((sum, [, size]) => sum + size, 0);
}

const foreign = (path: string): boolean => path.includes('node_modules/');

describe('what the ingest function loads at start', () => {
  test('AWS clients and middy take at most 205,000 bytes', () => {
    expect(bytes(ingest, foreign)).toBeGreaterThan(100_000);
    expect(bytes(ingest, foreign)).toBeLessThanOrEqual(205_000);
  });

  test('our own code takes at most 60,000 bytes', () => {
    expect(bytes(ingest, (path) => path.startsWith('lib/'))).toBeGreaterThan(1_000);
    expect(bytes(ingest, (path) => !foreign(path))).toBeLessThanOrEqual(60_000);
  });

  test.each(Object.entries(unwanted))('no %s', (_, pattern) => {
    expect([...ingest.keys()].filter((path) => pattern.test(path))).toEqual([]);
  });

  test('no step of a provider: those are loaded when a source needs them', () => {
    const steps = [...ingest.keys()].filter((path) => path.startsWith('lib/core/steps/'));
    expect(steps.filter((path) => !path.endsWith('/load-steps.ts'))).toEqual([]);
  });
});

describe('what the processor loads at start', () => {
  const fromSns = ['XML'];

  test.each(Object.entries(unwanted).filter(([name]) => !fromSns.includes(name)))('no %s', (_, pattern) => {
    expect([...process.keys()].filter((path) => pattern.test(path))).toEqual([]);
  });
});
