import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, matchesGlob } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allowed, planted } from './planted-violations.ts';

interface Diagnostic {
  readonly category: string;
  readonly message: string;
  readonly location: { readonly path: string };
}

interface Override {
  readonly includes: readonly string[];
  readonly linter: { readonly rules: Record<string, Record<string, unknown>> };
}

const root = join(import.meta.dirname, '../..');
const configuration = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'));
const overrides: readonly Override[] = configuration.overrides;
let copy: string;
let diagnostics: readonly Diagnostic[];

async function lint(folder: string): Promise<readonly Diagnostic[]> {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const report = await new Promise<string>((resolve, reject) =>
    execFile(
      process.execPath,
      [biome, 'lint', '--reporter=json', '--max-diagnostics=none', folder],
      { cwd: folder, maxBuffer: 2 ** 26 },
      (_, stdout, stderr) =>
        stdout === '' ? reject(new Error(`biome lint said: ${stderr}`)) : resolve(stdout),
    ),
  );
  return JSON.parse(report).diagnostics;
}

function caughtIn(path: string): { rule: string; message: string }[] {
  return diagnostics
    .filter(({ location }) => location.path === path)
    .map(({ category, message }) => ({ rule: category.split('/').at(-1) ?? category, message }));
}

interface Options {
  readonly patterns?: readonly { readonly message: string }[];
  readonly deniedGlobals?: Readonly<Record<string, string>>;
  readonly entries?: readonly { readonly object: string; readonly property: string }[];
}

/** The words by which a diagnostic shows which pattern, global or property of a rule's options it fell to. */
function tracesOf(rule: string, { linter }: Override): string[] {
  return Object.values(linter.rules)
    .flatMap((group) => (rule in group ? [(group[rule] as { options: Options }).options] : []))
    .flatMap(({ patterns = [], deniedGlobals = {}, entries = [] }) => [
      ...patterns.map(({ message }) => message),
      ...Object.keys(deniedGlobals).map((name) => `global variable ${name}.`),
      ...entries.map(({ object, property }) => `'${object}.${property}'`),
    ]);
}

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'headgate-layers-'));
  await cp(join(root, 'biome.json'), join(copy, 'biome.json'));
  await cp(join(root, 'package.json'), join(copy, 'package.json'));
  for (const { path, source } of [...planted, ...allowed]) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), `${source}\n`);
  }
  diagnostics = await lint(copy);
});

afterAll(() => rm(copy, { recursive: true }));

describe('lint catches', () => {
  test.each(planted)('$what ($path)', ({ path, rule, says }) => {
    const caught = caughtIn(path);
    expect(caught.map((diagnostic) => diagnostic.rule)).toEqual([rule]);
    if (says !== undefined) expect(caught[0]?.message).toContain(says);
  });
});

describe('lint passes', () => {
  test.each(allowed)('$what ($path)', ({ path }) => {
    expect(caughtIn(path)).toEqual([]);
  });
});

describe('nothing in biome.json goes unproven', () => {
  const named = Object.values(configuration.linter.rules as Record<string, Record<string, unknown>>)
    .filter((group) => typeof group === 'object')
    .flatMap((group) => Object.keys(group));

  test.each(named)('a violation of %s is planted', (rule) => {
    expect(planted.map((plant) => plant.rule)).toContain(rule);
  });

  const restrictions = overrides.flatMap((override) =>
    ['noRestrictedImports', 'noRestrictedGlobals', 'noJsRestrictedProperties'].flatMap((rule) =>
      tracesOf(rule, override).map((trace) => ({ includes: override.includes, rule, trace })),
    ),
  );

  test.each(restrictions)('$includes: "$trace" is seen', ({ includes, rule, trace }) => {
    const seen = planted.filter(
      ({ path }) =>
        includes.some((glob) => matchesGlob(path, glob)) &&
        caughtIn(path).some((caught) => caught.rule === rule && caught.message.includes(trace)),
    );
    expect(seen).not.toEqual([]);
  });

  test('every folder of lib has a violation planted', async () => {
    const entries = await readdir(join(root, 'lib'), { withFileTypes: true });
    const layers = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const proven = planted
      .filter(({ rule }) => rule === 'noRestrictedImports')
      .map(({ path }) => path.split('/'))
      .flatMap(([top, layer]) => (top === 'lib' ? [layer] : []));
    expect(proven).toEqual(expect.arrayContaining(layers));
  });
});
