import { queuesWithMessages, readCloud } from './cloud-folder.ts';
import { type ReceiverFolder, type ReceiverOptions, startReceiver } from './receiver-process.ts';

/** A receiver that is killed or stopped, and started on its folder again. */
export interface RestartableReceiver {
  /** Where it listens; waits while it is down. */
  url(): Promise<string>;
  /** Kills it and starts it again; whoever asks for its URL hears of any trouble. */
  kill(): void;
  /** One entry a kill. */
  readonly kills: readonly Kill[];
  /** Ends it as Ctrl-C does, and starts it again; resolves to the exit code. */
  stopAndStart(): Promise<number | null>;
  stop(): Promise<number | null>;
  /** Every line that it has printed. */
  readonly said: readonly string[];
  /** Leaves nothing running, however things stand. */
  close(): Promise<void>;
}

export interface Kill {
  /** Events that a worker held, as `source#id`. */
  readonly inFlight: ReadonlySet<string>;
  /** Queues that were not empty. */
  readonly queues: readonly string[];
  /** How many lines it had printed. */
  readonly saidBefore: number;
}

export async function restartableReceiver(
  folder: ReceiverFolder,
  { topic, sources }: ReceiverOptions,
): Promise<RestartableReceiver> {
  const said: string[] = [];
  const start = () => startReceiver(folder, { topic, sources, say: (line) => said.push(line) });
  const kills: Kill[] = [];
  let running = start();
  const killAndStart = async (): ReturnType<typeof start> => {
    await (await running).end('SIGKILL');
    const queues = queuesWithMessages(folder.data);
    const { events } = await readCloud(folder.data);
    kills.push({ inFlight: events.claimed, queues, saidBefore: said.length });
    return start();
  };
  const stop = async (): Promise<number | null> => (await running).end('SIGINT');
  await running;
  return {
    url: async () => (await running).url(),
    kill() {
      running = killAndStart();
      running.catch(() => {});
    },
    kills,
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
