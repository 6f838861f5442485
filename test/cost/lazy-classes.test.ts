import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleFunctions } from '../../scripts/bundle-functions.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headgate-lazy-'));
  await mkdir(join(root, 'functions'));
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  await writeFile(
    join(root, 'functions/streams.ts'),
    `import { createReadStream, ReadStream } from 'node:fs';
     export const isFileStream = (value: unknown) => value instanceof ReadStream;
     export const open = () => createReadStream(import.meta.filename);
     export const construct = () => new ReadStream();`,
  );
  await bundleFunctions({ root, functions: { streams: 'functions/streams.ts' } });
});

afterAll(() => rm(root, { recursive: true }));

/** The value of an expression over the bundled module `it`, in a Node of its own. */
async function evaluate(expression: string): Promise<unknown> {
  const file = join(root, 'evaluate.mjs');
  await writeFile(
    file,
    `const it = await import('./dist/functions/streams/index.mjs'); console.log(JSON.stringify(${expression}));`,
  );
  return JSON.parse((await promisify(execFile)(process.execPath, [file])).stdout);
}

describe('a class that Node loads when it is read', () => {
  const loaded = "process.moduleLoadList.includes('NativeModule internal/fs/streams')";

  test('is not loaded by the import of a bundle, nor before something is compared with it', async () => {
    expect(await evaluate(loaded)).toBe(false);
    expect(await evaluate(`[it.isFileStream({}), ${loaded}]`)).toEqual([false, true]);
  });

  test('is still told from others', async () => {
    expect(await evaluate('[it.isFileStream(it.open()), it.isFileStream("text")]')).toEqual([true, false]);
  });

  test('is nothing that a bundle could construct, and says so', async () => {
    const message = await evaluate(
      '(() => { try { it.construct(); } catch (error) { return error.name; } })()',
    );
    expect(message).toBe('TypeError');
  });
});
