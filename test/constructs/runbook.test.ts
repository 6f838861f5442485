import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Delivery,
  type DeliveryId,
  type DeliveryMessage,
  decodeDelivery,
  spill,
  withStoredBody,
} from '../../lib/core/delivery.ts';
import type { EpochMs } from '../../lib/core/request.ts';
import { MESSAGE_LIMIT } from '../../lib/core/resources.ts';
import type { SourceName } from '../../lib/core/source.ts';
import { removeOutputs, templateOf } from './receiver-stack.ts';

afterAll(removeOutputs);

const runbook = await readFile(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');

/** The commands of an entry, as people copy them. */
function commands(entry: string): string {
  const [, text = ''] = runbook.split(`\n## ${entry}\n`);
  const [, block = ''] = /```sh\n(.*?)```/s.exec(text) ?? [];
  return block;
}

/** Stands for the AWS CLI: a folder for the bucket, a file for what is sent. */
const AWS = `#!/bin/sh
path() { echo "$1" | sed "s#^s3://#$CLOUD/#"; }
echo "$@" >> "$CLOUD/calls"
case "$1 $2" in
  's3 cp') mkdir -p "$(dirname "$(path "$4")")" && cp "$(path "$3")" "$(path "$4")" ;;
  's3 rm') rm "$(path "$3")" ;;
  'sqs send-message') cp "$(echo "$4" | sed 's#^file://##')" "$CLOUD/sent.json" ;;
  *) exit 1 ;;
esac
`;

test('every variable of a command is an output of the stack', () => {
  const used = new Set(
    [...runbook.matchAll(/```sh\n(.*?)```/gs)]
      .flatMap(([, block = '']) => [...block.matchAll(/\$([A-Z][A-Z_]+)/g)])
      .map(([, name]) => name),
  );
  const listed = [...runbook.matchAll(/^\| `\$([A-Z_]+)` \| `(\w+)…` \|$/gm)].map(([, name, output]) => ({
    name,
    output,
  }));
  used.delete('KEY'); // Each spilled delivery's own.
  expect([...used].toSorted()).toEqual(listed.map(({ name }) => name).toSorted());
  const outputs = Object.keys(templateOf().findOutputs('*')).map((id) => id.replace(/[0-9A-F]{8}$/, ''));
  expect(outputs).toEqual(expect.arrayContaining(listed.map(({ output }) => output)));
});

describe('the commands for a spilled delivery', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headgate-runbook-'));
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin/aws'), AWS);
    await chmod(join(folder, 'bin/aws'), 0o755);
    await mkdir(join(folder, 'work'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function queued(delivery: Delivery): Promise<Delivery> {
    const { key, bytes } = spill(delivery);
    const spilled = join(folder, 'bucket', key);
    await mkdir(dirname(spilled), { recursive: true });
    await writeFile(spilled, bytes);
    await promisify(execFile)('sh', ['-euc', commands('spilled')], {
      cwd: join(folder, 'work'),
      env: {
        PATH: `${join(folder, 'bin')}:${dirname(process.execPath)}:${process.env.PATH}`,
        CLOUD: folder,
        BUCKET: 'bucket',
        KEY: key,
        QUEUE_URL: 'https://sqs.example.com/queue',
      },
    });
    const sent = await readFile(join(folder, 'sent.json'), 'utf8');
    expect(Buffer.byteLength(sent)).toBeLessThan(MESSAGE_LIMIT);
    const { QueueUrl, MessageBody, MessageGroupId, MessageAttributes } = JSON.parse(sent);
    expect(QueueUrl).toBe('https://sqs.example.com/queue');
    const message: DeliveryMessage = {
      body: MessageBody,
      group: MessageGroupId,
      metadata: MessageAttributes.headgate.StringValue,
    };
    expect(await readdir(dirname(spilled))).toEqual([]);
    const decoded = decodeDelivery(message);
    if (decoded.kind !== 'stored') throw new Error(`expected a stored delivery, got ${decoded.kind}`);
    const whole = withStoredBody(decoded, await readFile(join(folder, 'bucket', decoded.key)));
    if (whole.kind !== 'delivery') throw new Error(whole.explanation);
    return whole.delivery;
  }

  test.each([
    ['text', Buffer.from('{"title":"Grüße 🎉","id":12345678901234567890}')],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0, 1])],
    ['no body', Buffer.alloc(0)],
    ['a body larger than a message', Buffer.from(`"${'ü'.repeat(1_000_000)}"`)],
  ])('queue it as it was accepted: %s', async (_, body) => {
    const delivery: Delivery = {
      id: 'JKJaXmPLvHcESHA=' as DeliveryId,
      source: 'github' as SourceName,
      origin: 'webhook',
      method: 'POST',
      path: '/github',
      query: '',
      headers: { 'x-github-event': 'push', 'x-odd': 'é\ufffe' },
      body,
      receivedAt: Date.UTC(2026, 10, 24) as EpochMs,
    };
    expect(await queued(delivery)).toEqual(delivery);
  });
});
