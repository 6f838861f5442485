import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
let folder: string;

/** What each command of the run ends with, and what vitest counted before `npm test` ended. */
interface Scene {
  readonly ci?: number;
  readonly test?: number;
  readonly counted?: { readonly numPassedTests: number; readonly numFailedTests: number };
  readonly check?: number;
  readonly synth?: number;
  readonly readme?: string;
}

const npm = `#!/bin/sh
echo "$*" >> calls
case "$1 $2" in
  'ci ') exit $CI_CODE ;;
  'test ') [ -z "$COUNTED" ] || { mkdir -p coverage; echo "$COUNTED" > coverage/test-results.json; }; exit $TEST_CODE ;;
  'run check') exit $CHECK_CODE ;;
esac
exit 99
`;

async function runIn(
  scene: Scene,
): Promise<{ code: number | null; last: string | undefined; calls: string[] }> {
  const project = await mkdtemp(join(folder, 'project-'));
  await mkdir(join(project, '.ci'));
  await copyFile(join(root, '.ci/run'), join(project, '.ci/run'));
  await writeFile(join(project, 'README.md'), scene.readme ?? '```sh\nnpm ci && npm test\n```\n');
  await mkdir(join(project, 'commands'));
  await writeFile(join(project, 'commands/npm'), npm);
  await writeFile(join(project, 'commands/npx'), `#!/bin/sh\necho "npx $*" >> calls\nexit $SYNTH_CODE\n`);
  for (const name of ['npm', 'npx']) await chmod(join(project, 'commands', name), 0o755);
  const { ci = 0, test: tests = 0, check = 0, synth = 0, counted } = scene;
  const { status, stdout } = spawnSync(join(project, '.ci/run'), {
    encoding: 'utf8',
    env: {
      PATH: [join(project, 'commands'), join(process.execPath, '..'), process.env.PATH].join(delimiter),
      CI_CODE: String(ci),
      TEST_CODE: String(tests),
      CHECK_CODE: String(check),
      SYNTH_CODE: String(synth),
      COUNTED: counted === undefined ? '' : JSON.stringify(counted),
    },
  });
  const { stdout: calls } = spawnSync('cat', [join(project, 'calls')], { encoding: 'utf8' });
  return { code: status, last: stdout.trimEnd().split('\n').at(-1), calls: calls.trimEnd().split('\n') };
}

const counted = { numPassedTests: 10, numFailedTests: 0 };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-ci-'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('the CI run', () => {
  test("counts vitest's tests, the checks and the synth", async () => {
    expect(await runIn({ counted })).toEqual({
      code: 0,
      last: '12 passed, 0 failed',
      calls: ['ci', 'test', 'run check', 'npx cdk synth -q'],
    });
  });

  test.each<[string, Scene, string, string[]]>([
    ['the install fails', { ci: 1, counted }, '0 passed, 1 failed', ['ci']],
    ['no test ran', {}, '0 passed, 1 failed', ['ci', 'test']],
    [
      'vitest found no test',
      { counted: { numPassedTests: 0, numFailedTests: 0 } },
      '0 passed, 1 failed',
      ['ci', 'test'],
    ],
    [
      'tests fail',
      { test: 1, counted: { numPassedTests: 8, numFailedTests: 2 } },
      '8 passed, 2 failed',
      ['ci', 'test'],
    ],
    ['a test file does not load', { test: 1, counted }, '10 passed, 1 failed', ['ci', 'test']],
    ['the checks fail', { check: 1, counted }, '10 passed, 1 failed', ['ci', 'test', 'run check']],
    [
      'the synth fails',
      { synth: 1, counted },
      '11 passed, 1 failed',
      ['ci', 'test', 'run check', 'npx cdk synth -q'],
    ],
    ['README has another test command', { readme: 'npm test\n', counted }, '0 passed, 1 failed', ['']],
  ])('fails and stops when %s', async (_, scene, last, calls) => {
    expect(await runIn(scene)).toEqual({ code: 1, last, calls });
  });
});
