import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileSecretStore, memorySecretStore, SecretsFileError } from '../../lib/local/secret-store.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headgate-secrets-'));
  path = join(folder, 'secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes the file as of a second, so that no test depends on how fast it runs. */
function write(content: unknown, epochSeconds: number): void {
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  utimesSync(path, epochSeconds, epochSeconds);
}

describe('a file of secrets', () => {
  test('holds the JSON of each source, created when the file was written', () => {
    write({ github: { signing: ['s3cret'] }, plain: 'text' }, 1_000);
    const store = fileSecretStore(path);
    expect(store.read('github')).toEqual({
      current: { id: expect.any(String), text: '{"signing":["s3cret"]}', createdAt: 1_000_000 },
    });
    expect(store.read('plain')?.current.text).toBe('text');
    expect(store.read('constructor')).toBeUndefined();
  });

  test('makes a changed value the current version and keeps the one before it', () => {
    write({ github: 'one', stripe: 'same' }, 1_000);
    const store = fileSecretStore(path);
    const first = store.read('github')?.current;
    write({ github: 'two', stripe: 'same' }, 2_000);
    expect(store.read('github')).toEqual({
      current: { id: expect.any(String), text: 'two', createdAt: 2_000_000 },
      previous: first,
    });
    expect(store.read('github')?.current.id).not.toBe(first?.id);
    expect(store.read('stripe')?.previous).toBeUndefined();
  });

  test('forgets a source that is no longer in the file', () => {
    write({ github: 'one' }, 1_000);
    const store = fileSecretStore(path);
    write({ stripe: 'one' }, 2_000);
    expect(store.read('github')).toBeUndefined();
  });

  test('reports a file that became unreadable, and serves again once it is repaired', () => {
    write({ github: 'one' }, 1_000);
    const store = fileSecretStore(path);
    write('{"github": "tw', 2_000);
    expect(() => store.read('github')).toThrow(SecretsFileError);
    write({ github: 'two' }, 3_000);
    expect(store.read('github')).toMatchObject({ current: { text: 'two' }, previous: { text: 'one' } });
  });

  test.each([
    ['is not JSON', '{"github": "hunter2"'],
    ['is not an object', '["hunter2"]'],
    ['has a number for a source', '{"github": 7, "hunter2": "x"}'],
    ['has null for a source', '{"github": null}'],
  ])('says where the trouble is when it %s, without quoting it', (_, content) => {
    write(content, 1_000);
    const error = errorOf(() => fileSecretStore(path));
    expect(error).toBeInstanceOf(SecretsFileError);
    expect(error.message).toContain(path);
    expect(error.message).toContain('It must be JSON of the form');
    expect(`${error.message} ${error.cause}`).not.toContain('hunter2');
  });

  test('says that a missing file cannot be read', () => {
    expect(errorOf(() => fileSecretStore(path)).message).toContain(`${path} cannot be read`);
  });
});

describe('a file that is written', () => {
  test('holds the new version for this process and the next, and the other sources as they were', () => {
    write({ asana: {}, github: { signing: ['s3cret'] }, plain: 'text' }, 1_000);
    const store = fileSecretStore(path);
    const before = store.read('asana')?.current;
    store.write('asana', '{"signing":["installed"]}', 'the-version');
    expect(store.read('asana')).toMatchObject({
      current: { id: 'the-version', text: '{"signing":["installed"]}' },
      previous: before,
    });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      asana: { signing: ['installed'] },
      github: { signing: ['s3cret'] },
      plain: 'text',
    });
    expect(fileSecretStore(path).read('asana')?.current.text).toBe('{"signing":["installed"]}');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('keeps what somebody has written to it in the meantime', () => {
    write({ asana: {} }, 1_000);
    const store = fileSecretStore(path);
    write({ asana: {}, github: 'by hand' }, 2_000);
    store.write('asana', 'a bare text', 'the-version');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ asana: 'a bare text', github: 'by hand' });
    expect(store.read('github')?.current.text).toBe('by hand');
  });
});

describe('secrets in memory', () => {
  test('have a version for each value that differs', () => {
    let now = 5;
    const store = memorySecretStore({ github: { signing: ['a'] } }, () => now);
    now = 6;
    store.put('github', { signing: ['a'] });
    expect(store.read('github')).toMatchObject({ current: { createdAt: 5 } });
    expect(store.read('github')?.previous).toBeUndefined();
    now = 7;
    store.put('github', 'b');
    expect(store.read('github')).toMatchObject({
      current: { text: 'b', createdAt: 7 },
      previous: { text: '{"signing":["a"]}', createdAt: 5 },
    });
  });
});

function errorOf(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
