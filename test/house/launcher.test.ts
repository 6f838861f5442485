import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const requireNode = join(root, 'scripts/require-node.js');

/** Makes a Node of today say that it is Node 20, since no old one can be expected on every machine. */
const asNode20 = [
  '--import',
  `data:text/javascript,${encodeURIComponent("Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });")}`,
];

let folder: string;

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function start(args: readonly string[]): {
  child: ChildProcess;
  ended: Promise<Ended>;
  says(text: string): Promise<void>;
} {
  const child = spawn(process.execPath, args, { stdio: 'pipe' });
  const said = { output: '', errors: '' };
  const waiting: (() => void)[] = [];
  child.stdout.on('data', (chunk) => {
    said.output += chunk;
    for (const look of waiting) look();
  });
  child.stderr.on('data', (chunk) => {
    said.errors += chunk;
  });
  return {
    child,
    ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said }))),
    says: (text) => new Promise((resolve) => waiting.push(() => said.output.includes(text) && resolve())),
  };
}

/** A project's layout with the real launcher, and a command that tells how it was started. */
async function layOut(place: string, entry: string, source: string): Promise<string> {
  const project = join(folder, place);
  await mkdir(join(project, 'scripts'), { recursive: true });
  await copyFile(join(root, 'scripts/headgate.js'), join(project, 'scripts/headgate.js'));
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  await mkdir(join(project, entry, '..'), { recursive: true });
  await writeFile(join(project, entry), source);
  return project;
}

async function addProjectNode(project: string): Promise<void> {
  await mkdir(join(project, 'node_modules/node/bin'), { recursive: true });
  await symlink(process.execPath, join(project, 'node_modules/node/bin/node'));
}

const command = `
process.on('SIGTERM', () => { console.log('ended by SIGTERM'); process.exit(3); });
const asked: string = process.argv[2] ?? '';
if (asked === 'wait') { console.log('ready'); setInterval(() => undefined, 1000); }
else {
  for await (const chunk of process.stdin) console.log('read ' + chunk);
  console.log('ran ' + JSON.stringify(process.argv.slice(2)));
  process.exitCode = 7;
}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-launcher-'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('the command headgate', () => {
  test('runs the TypeScript of a clone, arguments and exit code passed on', async () => {
    const project = await layOut('clone', 'bin/headgate.ts', command);
    const { child, ended } = start([join(project, 'scripts/headgate.js'), 'send', '--tamper']);
    child.stdin?.end('a body');
    expect(await ended).toEqual({ code: 7, output: 'read a body\nran ["send","--tamper"]\n', errors: '' });
  });

  test("on an old Node runs with the project's own, streams and exit code passed on", async () => {
    const project = await layOut('old', 'bin/headgate.ts', command);
    await addProjectNode(project);
    const { child, ended } = start([...asNode20, join(project, 'scripts/headgate.js'), 'send']);
    child.stdin?.end('a body');
    expect(await ended).toEqual({ code: 7, output: 'read a body\nran ["send"]\n', errors: '' });
  });

  test('on an old Node passes a signal on, and ends with the exit code that follows', async () => {
    const project = await layOut('signal', 'bin/headgate.ts', command);
    await addProjectNode(project);
    const { child, ended, says } = start([...asNode20, join(project, 'scripts/headgate.js'), 'wait']);
    await says('ready');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 3, output: 'ready\nended by SIGTERM\n' });
  });

  test('on an old Node without another says in one line what to do', async () => {
    const project = await layOut('alone', 'bin/headgate.ts', command);
    const { code, output, errors } = await start([...asNode20, join(project, 'scripts/headgate.js')]).ended;
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toMatch(/^headgate needs Node 24 and this is Node 20\.20\.2: run "npm ci" .*\n$/);
  });

  test('runs the JavaScript of an installed package', async () => {
    const project = await layOut(
      'app/node_modules/headgate',
      'dist/bin/headgate.js',
      "console.log('installed');",
    );
    expect(await start([join(project, 'scripts/headgate.js')]).ended).toMatchObject({
      code: 0,
      output: 'installed\n',
    });
  });

  test('of an installed package on an old Node asks for a new one', async () => {
    const project = await layOut(
      'app-old/node_modules/headgate',
      'dist/bin/headgate.js',
      "console.log('installed');",
    );
    const { code, errors } = await start([...asNode20, join(project, 'scripts/headgate.js')]).ended;
    expect(code).toBe(1);
    expect(errors).toMatch(/^headgate needs Node 24 .*: install Node 24 or newer .*\n$/);
  });
});

describe('npm scripts', () => {
  test('on an old Node say in one line what to do, and run nothing', async () => {
    const script = join(folder, 'script.js');
    await writeFile(script, "console.log('ran');");
    const { code, output, errors } = await start([...asNode20, '--import', requireNode, script]).ended;
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toMatch(/^Headgate needs Node 24 and this is Node 20\.20\.2: .*npm ci.*\n$/);
  });

  test('run on Node 24', async () => {
    const script = join(folder, 'script.js');
    await writeFile(script, "console.log('ran');");
    expect(await start(['--import', requireNode, script]).ended).toEqual({
      code: 0,
      output: 'ran\n',
      errors: '',
    });
  });

  test('that run TypeScript look at the version of Node first', async () => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const { app } = JSON.parse(await readFile(join(root, 'cdk.json'), 'utf8'));
    const commands = [...Object.values<string>(scripts), app].filter((text) => text.includes('.ts'));
    expect(commands.length).toBeGreaterThanOrEqual(6);
    for (const text of commands) expect(text).toContain('node --import ./scripts/require-node.js ');
  });
});
