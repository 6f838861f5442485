import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BundleReport, bundleFunctions, inputsAtStart } from '../../scripts/bundle-functions.ts';

const project = join(import.meta.dirname, '../..');
let root: string;
let report: BundleReport;

const files: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module", "sideEffects": false }',
  'functions/ingest.ts': `
    import { createHash } from 'crypto';
    import * as https from 'node:https';
    import { SQSClient } from '@aws-sdk/client-sqs';
    import { hasFs } from '../lib/old.cjs';
    export const queue = new SQSClient({ region: 'eu-west-1' });
    export const credentials = () => queue.config.credentials();
    export const region = () => new SQSClient({}).config.region();
    export const digest = (text: string) => createHash('sha256').update(text).digest('hex');
    export const found = async () => [typeof https.request, typeof (await import('node:http')).request, typeof (await import('zlib')).gunzip, hasFs];
    export const step = async () => (await import('../lib/core/steps/shout.ts')).shout('hello');
    export const store = async () => (await import('../lib/aws/s3-client.ts')).S3Client.name.length > 0;`,
  'lib/old.cjs': "exports.hasFs = typeof require('fs').readFileSync;",
  'lib/core/steps/shout.ts':
    "import { upper } from '../upper.ts';\nexport const shout = (text: string) => upper(text) + '!';",
  'lib/core/upper.ts': 'export const upper = (text: string) => text.toUpperCase();',
  'lib/aws/s3-client.ts': "export { S3Client, PutObjectCommand } from '@aws-sdk/client-s3';",
};

async function lay(folder: string, contents: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(contents)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Evaluates an expression over a bundled module `it`, in a process of its own that has only this environment. */
async function evaluate(expression: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const bundle = join(root, 'dist/functions/ingest/index.mjs');
  const script = `const it = await import(${JSON.stringify(bundle)}); console.log(JSON.stringify(await (${expression})));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env,
  });
  return JSON.parse(stdout);
}

const bundled = (path: string): Promise<string> =>
  readFile(join(root, 'dist/functions/ingest', path), 'utf8');

async function bundle(contents: Readonly<Record<string, string>>): Promise<BundleReport> {
  const folder = await mkdtemp(join(root, 'project-'));
  await lay(folder, contents);
  const reports = await bundleFunctions({ root: folder, functions: { ingest: 'functions/ingest.ts' } });
  return reports.get('ingest') ?? expect.fail('no report of ingest');
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headgate-bundle-'));
  await lay(root, files);
  await symlink(join(project, 'node_modules'), join(root, 'node_modules'));
  const reports = await bundleFunctions({ root, functions: { ingest: 'functions/ingest.ts' } });
  report = reports.get('ingest') ?? expect.fail('no report of ingest');
});

afterAll(() => rm(root, { recursive: true }));

describe('a bundled function', () => {
  test('is its entry, its steps by name and its lazily imported clients, each complete', async () => {
    const names = await readdir(join(root, 'dist/functions/ingest'), { recursive: true });
    expect(names.sort()).toEqual(['index.mjs', 's3-client.mjs', 'steps', 'steps/shout.mjs']);
    expect(await evaluate('it.step()')).toBe('HELLO!');
    expect(await evaluate('it.store()')).toBe(true);
    expect(await bundled('steps/shout.mjs')).not.toMatch(/\b(import|from)\b/);
  });

  test('reaches built-ins without an ESM import or a require', async () => {
    expect(await evaluate('it.found()')).toEqual(['function', 'function', 'function', 'function']);
    expect(await evaluate("it.digest('')")).toMatch(/^e3b0c44298fc1c14/);
    const imports = Object.values(report.outputs).flatMap((output) => output.imports);
    expect(
      imports.filter(({ kind, path }) => kind !== 'dynamic-import' || !/^(\.|node:)/.test(path)),
    ).toEqual([]);
    for (const name of ['index.mjs', 's3-client.mjs']) {
      expect((await bundled(name)).match(/\b(import|require)\(["']\w/g)).toBeNull();
    }
  });

  test('loads no undici, even when it has loaded node:http', async () => {
    const loaded = await evaluate('it.found().then(() => process.moduleLoadList)');
    expect(loaded).toEqual(expect.arrayContaining([expect.stringMatching(/NativeModule _http_client/)]));
    expect(loaded).not.toEqual(expect.arrayContaining([expect.stringMatching(/undici/)]));
  });

  test('takes credentials from the environment at each call', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };
    expect(await evaluate('it.credentials()', env)).toMatchObject({
      accessKeyId: 'AKID',
      secretAccessKey: 'secret',
      sessionToken: 'token',
    });
    const renewed =
      "it.credentials().then(() => { process.env.AWS_ACCESS_KEY_ID = 'NEXT'; return it.credentials(); })";
    expect(await evaluate(renewed, env)).toMatchObject({ accessKeyId: 'NEXT' });
    expect(await evaluate('it.credentials().catch((error) => error.message)')).toMatch(/^No AWS credentials/);
  });

  test('takes its region from the environment, and reads no profile file', async () => {
    expect(await evaluate('it.region()', { AWS_REGION: 'eu-central-1' })).toBe('eu-central-1');
    expect(await evaluate('it.region().catch((error) => error.message)')).toMatch(/Region is missing/);
    expect(
      [...inputsAtStart(report).keys()].filter((path) => path.includes('shared-ini-file-loader')),
    ).toEqual([]);
  });

  test('has a report beside it of what the entry loads at start', async () => {
    const written = JSON.parse(await readFile(join(root, 'dist/functions/ingest.meta.json'), 'utf8'));
    expect(written).toEqual(report);
    const inputs = [...inputsAtStart(report).keys()];
    expect(inputs).toContain('functions/ingest.ts');
    expect(inputs.some((path) => path.includes('@aws-sdk/client-sqs/'))).toBe(true);
    expect(inputs.filter((path) => /client-s3|credential-provider-(node|sso|ini)|steps/.test(path))).toEqual(
      [],
    );
  });

  test('has the same bytes when it is bundled again', async () => {
    const before = await bundled('index.mjs');
    await bundleFunctions({ root, functions: { ingest: 'functions/ingest.ts' } });
    expect(await bundled('index.mjs')).toBe(before);
  });
});

describe('bundling refuses', () => {
  test('a class of ours in two bundles, where instanceof would fail', async () => {
    const shared = {
      'functions/ingest.ts': `
        import { Refused } from '../lib/errors.ts';
        export const run = async () => { try { await (await import('../lib/lazy.ts')).fail(); } catch (error) { return error instanceof Refused; } };`,
      'lib/errors.ts': 'export class Refused extends Error {}',
      'lib/lazy.ts':
        "import { Refused } from './errors.ts';\nexport const fail = async () => { throw new Refused(); };",
    };
    await expect(bundle(shared)).rejects.toThrow(
      /lib\/errors\.ts declares a class .*index\.mjs and .*lazy\.mjs/,
    );
  });

  test('no class that tells its instances itself, which are then caught in the other bundle', async () => {
    const folder = await mkdtemp(join(root, 'project-'));
    await lay(folder, {
      'functions/ingest.ts': `
        import { Refused } from '../lib/errors.ts';
        export const run = async () => { try { await (await import('../lib/lazy.ts')).fail(); } catch (error) { return error instanceof Refused; } };`,
      'lib/errors.ts': `export class Refused extends Error {
          static [Symbol.hasInstance](value: unknown): boolean { return value instanceof Error && 'refused' in value; }
          readonly refused = true;
        }`,
      'lib/lazy.ts':
        "import { Refused } from './errors.ts';\nexport const fail = async () => { throw new Refused(); };",
    });
    await bundleFunctions({ root: folder, functions: { ingest: 'functions/ingest.ts' } });
    const { run } = await import(join(folder, 'dist/functions/ingest/index.mjs'));
    expect(await run()).toBe(true);
  });

  test('two lazily imported modules of one name', async () => {
    const twins = {
      'functions/ingest.ts':
        "export const run = () => [import('../lib/a/client.ts'), import('../lib/b/client.ts')];",
      'lib/a/client.ts': 'export const a = 1;',
      'lib/b/client.ts': 'export const b = 1;',
    };
    await expect(bundle(twins)).rejects.toThrow(/would both become client\.mjs/);
  });
});
