import { deepEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { type CloudState, queuesWithMessages, readCloud } from './cloud-folder.ts';
import { forged } from './forgery.ts';
import { outstanding } from './judge.ts';
import { planOf, type Sent } from './plan.ts';
import { seededRandom } from './random.ts';
import { type ReceiverFolder, receiverFolder } from './receiver-process.ts';
import { type Kill, type RestartableReceiver, restartableReceiver } from './restartable-receiver.ts';
import { type Attempted, type SenderOptions, sendAll } from './sender.ts';
import { type Call, openSenders, type Senders, senderOf, signed } from './signer.ts';
import { told, toldSpilled } from './told.ts';

export interface Afternoon {
  readonly attempts: readonly Attempted[];
  /** Every published CloudEvent, as the outbox has it. */
  readonly lines: readonly string[];
  readonly kills: readonly Kill[];
  /** Events of which the receiver said that it could not finish them. None, unless the machine has too much to do. */
  readonly deferred: ReadonlySet<string>;
  /** Requests without an answer. */
  readonly cutOff: number;
  /** After everything has been settled, and the receiver was stopped. */
  readonly cloud: CloudState;
  /** Of the two times it was asked to stop. */
  readonly exitCodes: readonly (number | null)[];
  /** What the receiver printed. */
  readonly said: readonly string[];
  readonly seconds: number;
}

export interface AfternoonOptions {
  readonly topic: 'standard' | 'fifo';
  readonly deliveries: number;
  readonly seed: number;
  readonly folder: string;
}

/** The lease of what was held at the kill has to run out: 50 s of the function's time, and 5 s. */
const SETTLED_WITHIN_MS = 120_000;
const DRAINED_WITHIN_MS = 60_000;

/** Shares of the deliveries: in the middle, and early enough that what comes later is sent while the leases run out. */
const KILLED_AT = [0.25, 0.35, 0.45];

/**
 * Sends everything, and in the middle kills the receiver and starts it again on the same folder. When all that is to be published is,
 * it is stopped and started once more: copies that found an event busy wait for as long as a lease, which a restart cuts short.
 */
export async function livedThrough(options: AfternoonOptions): Promise<Afternoon> {
  const started = performance.now();
  const senders = await openSenders();
  const folder = receiverFolder(options.folder, senders);
  const since = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
  const plan = planOf(options.deliveries, { senders, since, random: seededRandom(options.seed) });
  const receiver = await restartableReceiver(folder, {
    topic: options.topic,
    sources: join(import.meta.dirname, 'sources.ts'),
  });
  const killsToCome = [...KILLED_AT];
  try {
    const attempts = await sendAll(plan, {
      call: (sent) => callOf(sent, senders),
      habits: (sent) => habitsOf(sent, senders),
      url: receiver.url,
      onAnswer: (answered) => {
        if (answered < options.deliveries * (killsToCome[0] ?? 1)) return;
        killsToCome.shift();
        receiver.kill();
      },
    });
    const exitCodes = await settled(attempts, folder, receiver);
    const lines = linesOf(folder.outbox);
    return {
      attempts,
      lines,
      kills: receiver.kills,
      deferred: told(receiver.said, 'deferred'),
      cutOff: attempts.filter(({ answers }) => answers.some(({ kind }) => kind === 'none')).length,
      cloud: await readCloud(folder.data, datarefsOf(lines)),
      exitCodes,
      said: receiver.said,
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await receiver.close();
  }
}

async function settled(
  attempts: readonly Attempted[],
  { data, outbox }: ReceiverFolder,
  receiver: RestartableReceiver,
): Promise<Afternoon['exitCodes']> {
  await vi.waitFor(
    () => {
      deepEqual(outstanding(attempts, linesOf(outbox), toldSpilled(receiver.said)), []);
      deepEqual(unfinished(receiver), []);
    },
    { timeout: SETTLED_WITHIN_MS, interval: 500 },
  );
  const stopped = await receiver.stopAndStart();
  await vi.waitFor(() => deepEqual(queuesWithMessages(data), ['headgate-dead-letters']), {
    timeout: DRAINED_WITHIN_MS,
    interval: 250,
  });
  return [stopped, await receiver.stop()];
}

/** Events whose worker was killed, and which no other has finished since. */
function unfinished({ kills, said }: RestartableReceiver): readonly string[] {
  return kills.flatMap(({ inFlight, saidBefore }) => {
    const finished = told(said.slice(saidBefore), 'published', 'dead letter');
    return [...inFlight].filter((name) => !finished.has(name));
  });
}

function callOf(sent: Sent, senders: Senders): Call {
  const { delivery } = sent;
  const now = Date.now();
  if (sent.kind === 'forged') return forged(delivery, sent.forgery, senders, { now, place: sent.place });
  const sender = senderOf(senders, delivery.source);
  const secret = sent.kind === 'genuine' ? sender[sent.secret] : sender.newest;
  return signed(delivery, sender, { secret, timestamp: now });
}

/** Only providers try again, and not all of them. */
function habitsOf(sent: Sent, senders: Senders): ReturnType<SenderOptions['habits']> {
  const { retries, timeoutMs } = senderOf(senders, sent.delivery.source).source.provider.delivery;
  const persistent = retries !== 'none' && (sent.kind === 'genuine' || sent.kind === 'unreadable');
  return { timeoutMs, tries: persistent ? 'until-answered' : 'once' };
}

function linesOf(outbox: string): readonly string[] {
  return readFileSync(outbox, 'utf8').split('\n').slice(0, -1);
}

function datarefsOf(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => {
    const { dataref }: { readonly dataref?: string } = JSON.parse(line);
    return dataref === undefined ? [] : [dataref];
  });
}
