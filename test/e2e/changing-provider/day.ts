import { deepEqual } from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { vi } from 'vitest';
import { post } from '../worst-afternoon/post.ts';
import { below, pick, type Random, seededRandom, shuffled } from '../worst-afternoon/random.ts';
import { receiverFolder } from '../worst-afternoon/receiver-process.ts';
import { type RestartableReceiver, restartableReceiver } from '../worst-afternoon/restartable-receiver.ts';
import { sourcesAt, VERSION_OF } from './sources.ts';
import { type StubProvider, stubProvider } from './stub-provider.ts';

/** One published state of a resource. */
interface Out {
  readonly id: string;
  readonly subject: string;
  readonly verdict: string;
  readonly sequence?: string;
  readonly state: number | 'gone';
}

export interface Day {
  readonly changes: number;
  readonly requests: number;
  readonly out: readonly Out[];
  /** What the provider says in the end, by subject. */
  readonly truth: ReadonlyMap<string, number | 'gone'>;
  readonly asked: StubProvider['asked'];
  readonly kills: number;
  readonly seconds: number;
}

interface Change {
  readonly kind: string;
  readonly body: string;
  readonly id: string;
}

const KINDS = Object.keys(VERSION_OF);
const THINGS = 8;
/** A provider sends so many of its events twice. */
const REPEATED = 0.3;
const KILLED_AT = [0.4, 0.6];
/** Waits double: what was unlucky a few times, or is looked at twice, comes back minutes later. */
const SETTLED_WITHIN_MS = 900_000;

/** A provider changes its resources, tells of it in any order, and fails for a fifth of the questions; the receiver is killed twice. */
export async function livedThrough(options: {
  readonly changes: number;
  readonly seed: number;
  readonly folder: string;
}): Promise<Day> {
  const started = performance.now();
  const random = seededRandom(options.seed);
  const provider = await stubProvider({
    random,
    failures: 0.2,
    versionOf: (kind, state) => VERSION_OF[kind]?.(state),
  });
  const sources = join(options.folder, 'sources.mjs');
  writeFileSync(sources, `export default ${JSON.stringify(sourcesAt(provider.baseUrl))};`);
  const secrets = Object.fromEntries(KINDS.map((kind) => [kind, { signing: ['token'], api: 'key' }]));
  const folder = receiverFolder(options.folder, { secrets });
  const receiver = await restartableReceiver(folder, { topic: 'standard', sources });
  try {
    const { changes, requests } = await changeAndTell(options.changes, { provider, receiver, random });
    const out = (): readonly Out[] =>
      readFileSync(folder.outbox, 'utf8').split('\n').slice(0, -1).map(readOut);
    await vi.waitFor(
      () => {
        const published = new Set(out().map(({ id }) => id));
        deepEqual(
          changes.filter((id) => !published.has(id)),
          [],
        );
      },
      { timeout: SETTLED_WITHIN_MS, interval: 500 },
    );
    await receiver.stop();
    return {
      changes: changes.length,
      requests,
      out: out(),
      truth: new Map([...provider.things].map(([id, { state, is }]) => [id, is === 'gone' ? 'gone' : state])),
      asked: provider.asked,
      kills: receiver.kills.length,
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await receiver.close();
    await provider.close();
  }
}

/** Some changes happen, then their events are sent in any order, while the next happen. */
async function changeAndTell(
  count: number,
  world: { readonly provider: StubProvider; readonly receiver: RestartableReceiver; readonly random: Random },
): Promise<{ readonly changes: readonly string[]; readonly requests: number }> {
  const { provider, receiver, random } = world;
  const agent = new Agent({ keepAlive: true });
  const killsToCome = [...KILLED_AT];
  const changes: string[] = [];
  let requests = 0;
  const send = async ({ kind, body }: Change): Promise<void> => {
    const headers = { 'content-type': 'application/json', 'x-token': 'token' };
    for (;;) {
      requests += 1;
      const call = { path: `/${kind}`, query: '', headers, body: Buffer.from(body) };
      const answer = await post(await receiver.url(), call, { agent, timeoutMs: 5_000 });
      if (answer.kind === 'answered' && answer.status === 200) return;
    }
  };
  while (changes.length < count) {
    const volley = Array.from({ length: 12 }, (_, index) => change(provider, changes.length + index, random));
    changes.push(...volley.map(({ id }) => id));
    const repeated = volley.filter(() => random() < REPEATED);
    await Promise.all(shuffled([...volley, ...repeated], random).map(send));
    if (changes.length >= count * (killsToCome[0] ?? 2)) {
      killsToCome.shift();
      receiver.kill();
    }
  }
  agent.destroy();
  return { changes, requests };
}

function change(provider: StubProvider, number: number, random: Random): Change {
  const kind = pick(KINDS, random);
  const thing = `t${below(THINGS, random)}`;
  const before = provider.things.get(`${kind}/${thing}`);
  const state = (before?.state ?? 0) + 1;
  const is = before?.is !== 'gone' && state > 3 && random() < 0.1 ? 'gone' : 'there';
  provider.set(`${kind}/${thing}`, { state, is });
  const version = VERSION_OF[kind]?.(state);
  const id = `event-${number}`;
  const type = is === 'gone' ? 'deleted' : 'changed';
  const told = { id, type, thing, state, ...(version === undefined ? {} : { version }) };
  return { kind, id, body: JSON.stringify(told) };
}

function readOut(line: string): Out {
  const { id, subject, verdict, sequence, data } = JSON.parse(line) as {
    readonly id: string;
    readonly subject: string;
    readonly verdict: string;
    readonly sequence?: string;
    readonly data: {
      readonly payload: { readonly state: number };
      readonly resource?: { readonly state: number };
    };
  };
  const state = verdict === 'gone' ? 'gone' : (data.resource ?? data.payload).state;
  return { id, subject, verdict, ...(sequence === undefined ? {} : { sequence }), state };
}
