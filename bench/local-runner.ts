import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import type { Length, Measurement } from './measurement.ts';
import { median } from './median.ts';
import type { RunnerMessage, RunnerRequest } from './runner-process.ts';
import { HMAC_SOURCES, type SignedDelivery, signedDelivery } from './signed-delivery.ts';

const SENDERS = 20;
const BODY_BYTES = 2_000;

interface Round {
  readonly acceptedPerSecond: number;
  readonly publishedPerSecond: number;
  readonly cpuMicrosPerEvent: number;
}

/** How much the receiver takes on a laptop: everything of `npm start` in one process, fed by this one. */
export async function localRunner(length: Length): Promise<Measurement> {
  const child = fork(join(import.meta.dirname, 'runner-process.ts'));
  const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });
  try {
    const { url } = await next(child, 'ready');
    const [rounds, deliveries] = length === 'quick' ? [3, 300] : [5, 2_000];
    const receiver = { child, agent, url };
    // The first round warms it up.
    const taken: Round[] = [];
    for (let round = 0; round <= rounds; round += 1)
      taken.push(await measureRound(receiver, deliveries, round));
    return measured(taken.slice(1), deliveries);
  } finally {
    agent.destroy();
    child.send({ published: 0 } satisfies RunnerRequest);
    await once(child, 'exit');
  }
}

interface Receiver {
  readonly child: ChildProcess;
  readonly agent: Agent;
  readonly url: string;
}

async function measureRound(receiver: Receiver, deliveries: number, round: number): Promise<Round> {
  const before = await publishedCpu(receiver.child, round * deliveries);
  const calls = Array.from({ length: deliveries }, (_, index) => {
    const source = HMAC_SOURCES[index % HMAC_SOURCES.length] ?? 'github';
    const event = round * deliveries + index;
    return { path: `/${source}`, ...signedDelivery(source, { event, bytes: BODY_BYTES }) };
  });
  const queue = calls.values();
  const since = performance.now();
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      for (const call of queue) await post(receiver, call);
    }),
  );
  const accepted = performance.now();
  const after = await publishedCpu(receiver.child, (round + 1) * deliveries);
  const published = performance.now();
  return {
    acceptedPerSecond: (deliveries * 1000) / (accepted - since),
    publishedPerSecond: (deliveries * 1000) / (published - since),
    cpuMicrosPerEvent: (after - before) / deliveries,
  };
}

/** The CPU time of the runner's process when so many events are published; 0 µs before the first. */
async function publishedCpu(child: ChildProcess, published: number): Promise<number> {
  if (published === 0) return 0;
  const answer = next(child, 'published');
  child.send({ published } satisfies RunnerRequest);
  return (await answer).cpuMicros;
}

async function next<K extends RunnerMessage['kind']>(
  child: ChildProcess,
  kind: K,
): Promise<Extract<RunnerMessage, { kind: K }>> {
  const ended = new AbortController();
  try {
    const message = await Promise.race([
      once(child, 'message', { signal: ended.signal }).then(([one]) => one as RunnerMessage),
      once(child, 'exit', { signal: ended.signal }).then(([code]) => {
        throw new Error(`the local runner ended with ${code}`);
      }),
    ]);
    if (message.kind !== kind) throw new Error(`the local runner said ${message.kind} instead of ${kind}`);
    return message as Extract<RunnerMessage, { kind: K }>;
  } finally {
    ended.abort();
  }
}

function post(
  { agent, url }: Receiver,
  { path, headers, body }: SignedDelivery & { readonly path: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const call = request(
      url + path,
      { method: 'POST', agent, headers: { ...headers, ...length } },
      (answer) => {
        answer.resume().once('end', () => {
          if (answer.statusCode === 200) resolve();
          else reject(new Error(`${path} was answered ${answer.statusCode}`));
        });
      },
    );
    call.once('error', reject).end(body);
  });
}

function measured(rounds: readonly Round[], deliveries: number): Measurement {
  const of = (pick: (round: Round) => number): string => median(rounds.map(pick)).toFixed(0);
  return {
    title: 'The local runner, with its emulated AWS in the same process',
    how: `${deliveries} deliveries of ${BODY_BYTES} bytes from ${HMAC_SOURCES.length} sources over ${SENDERS} connections, state on disk, sender in another process. Medians of ${rounds.length} rounds.`,
    columns: ['', 'median'],
    rows: [
      ['deliveries acknowledged, a second', of((round) => round.acceptedPerSecond)],
      ['events published, a second', of((round) => round.publishedPerSecond)],
      ['CPU µs of the process per published event', of((round) => round.cpuMicrosPerEvent)],
    ],
  };
}
