import { readCloud } from './cloud-folder.ts';
import { type ReceiverFolder, startReceiver } from './receiver-process.ts';

/** A receiver that is killed once, and started on its folder again and again. */
export interface RestartableReceiver {
  /** Where it listens; waits while it is down. */
  url(): Promise<string>;
  /** Kills it, but not twice, and starts it again. */
  killOnce(): void;
  /** When it runs again after that. */
  readonly killed: Promise<Killed>;
  /** Ends it as Ctrl-C does, and starts it again; resolves to the exit code. */
  stopAndStart(): Promise<number | null>;
  stop(): Promise<number | null>;
  /** Every line that it has printed. */
  readonly said: readonly string[];
  /** Leaves nothing running, however things stand. */
  close(): Promise<void>;
}

export interface Killed {
  /** Events that a worker held, as `source#id`. */
  readonly inFlight: ReadonlySet<string>;
  /** How many lines it had printed. */
  readonly saidBefore: number;
}

export async function restartableReceiver(
  folder: ReceiverFolder,
  { topic }: { readonly topic: 'standard' | 'fifo' },
): Promise<RestartableReceiver> {
  const said: string[] = [];
  const start = () => startReceiver(folder, { topic, say: (line) => said.push(line) });
  const killed = Promise.withResolvers<Killed>();
  // Whoever sends hears of it too.
  killed.promise.catch(() => {});
  let running = start();
  let kills = 0;
  const killAndStart = async (): ReturnType<typeof start> => {
    await (await running).end('SIGKILL');
    const { events } = await readCloud(folder.data);
    const saidBefore = said.length;
    const next = await start();
    killed.resolve({ inFlight: events.claimed, saidBefore });
    return next;
  };
  const stop = async (): Promise<number | null> => (await running).end('SIGINT');
  await running;
  return {
    url: async () => (await running).url(),
    killOnce() {
      kills += 1;
      if (kills > 1) return;
      running = killAndStart();
      running.catch(killed.reject);
    },
    killed: killed.promise,
    async stopAndStart() {
      const code = await stop();
      running = start();
      await running;
      return code;
    },
    stop,
    said,
    async close() {
      const last = await running.catch(() => undefined);
      await last?.end('SIGKILL');
    },
  };
}
