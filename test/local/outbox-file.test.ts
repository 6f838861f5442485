import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OutboxFileError, openOutboxFile } from '../../lib/local/outbox-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headgate-outbox-'));
  path = join(folder, 'outbox.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const one = { id: 'm1', text: '{"id":"1"}' };
const two = { id: 'm2', text: '{"id":"2"}' };
const lines = (): string[] => readFileSync(path, 'utf8').split('\n');

test('appends each message as one line, behind what is there', () => {
  writeFileSync(path, '{"id":"0"}\n');
  const file = openOutboxFile(path);
  file.append([one]);
  file.append([two]);
  file.close();
  expect(lines()).toEqual(['{"id":"0"}', one.text, two.text, '']);
});

test('makes one line of JSON that was written on several, and changes nothing else', () => {
  const file = openOutboxFile(path);
  file.append([{ id: 'm1', text: '{\r\n  "id": 12345678901234567890,\n  "text": "a\\nb"\n}' }]);
  file.close();
  expect(lines()).toEqual(['{  "id": 12345678901234567890,  "text": "a\\nb"}', '']);
});

test('drops a message that comes again before it was deleted, but not two messages with one text', () => {
  const file = openOutboxFile(path);
  file.append([one]);
  file.append([one, { id: 'm2', text: one.text }]);
  file.close();
  expect(lines()).toEqual([one.text, one.text, '']);
});

test('knows after a kill what it had appended', () => {
  openOutboxFile(path).append([one, two]);
  const after = openOutboxFile(path);
  after.append([two, one, { id: 'm3', text: '3' }]);
  after.close();
  expect(lines()).toEqual([one.text, two.text, '3', '']);
});

test('appends anew what a kill kept from the file, wherever it cut the lines', () => {
  const whole = `${one.text}\n${two.text}\n`;
  for (let cut = 0; cut <= whole.length; cut += 1) {
    rmSync(path, { force: true });
    rmSync(`${path}.pending`, { force: true });
    writeFileSync(path, 'before\n');
    openOutboxFile(path).append([one, two]);
    truncateSync(path, 'before\n'.length + cut);
    const after = openOutboxFile(path);
    after.append([one, two]);
    after.close();
    expect(lines(), `cut after ${cut} bytes`).toEqual(['before', one.text, two.text, '']);
  }
});

test('remembers nothing of what the queue has deleted', () => {
  const file = openOutboxFile(path);
  file.append([one, two]);
  file.forget(['m1']);
  file.append([{ id: 'm3', text: '3' }]);
  expect(readFileSync(`${path}.pending`, 'utf8')).not.toContain('m1');
  expect(readFileSync(`${path}.pending`, 'utf8')).toContain('m2');
  file.close();
});

test('leaves alone what somebody else has written into the file', () => {
  openOutboxFile(path).append([one]);
  appendFileSync(path, 'a note');
  const after = openOutboxFile(path);
  after.append([one]);
  after.close();
  expect(readFileSync(path, 'utf8')).toBe(`${one.text}\na note`);
});

test('says what to do when the file cannot be written', () => {
  expect(() => openOutboxFile(folder)).toThrow(OutboxFileError);
  expect(() => openOutboxFile(folder)).toThrow(`Outbox file ${folder} cannot be written (EISDIR). Check`);
});
