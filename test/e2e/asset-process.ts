import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resources } from '../../lib/core/resources.ts';

/** As long as the function with the longest timeout may run. */
const LIFE_MS = 1000 * resources({ fifo: false }).functions.process.timeoutSeconds;

/** Lambda's part, as small as it can be: imports the handler, calls it, hands back what it answers or throws. */
const RUNTIME = `
  const { handler } = await import(process.argv[1]);
  process.on('message', async ({ id, event }) => {
    const context = { awsRequestId: id, getRemainingTimeInMillis: () => ${LIFE_MS} };
    const settled = await Promise.resolve(handler(event, context)).then(
      (answer) => ({ answer }),
      (error) => ({ error: String(error?.stack ?? error) }),
    );
    process.send({ id, ...settled });
  });
  process.send({ ready: process.version });
`;

export interface AssetProcess {
  /** Node's version in the process. */
  readonly node: string;
  invoke(event: unknown): Promise<unknown>;
  /** Lines that the function wrote. */
  readonly log: () => readonly string[];
  stop(): Promise<void>;
}

/**
 * The handler of a staged asset in a process of its own, which has nothing but the asset and the given environment.
 * @example await (await assetProcess('/tmp/asset', { AWS_ENDPOINT_URL: … })).invoke(event)
 */
export async function assetProcess(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<AssetProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', RUNTIME, `${folder}/index.mjs`], {
    cwd: folder,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const { ready } = await nextMessage<{ ready: string }>(child, () => output);
  let count = 0;
  return {
    node: ready,
    log: () => output.split('\n').filter((line) => line !== ''),
    async invoke(event) {
      count += 1;
      child.send({ id: `invocation-${count}`, event });
      const { answer, error } = await nextMessage<{ answer?: unknown; error?: string }>(child, () => output);
      if (error !== undefined) throw new Error(`the handler threw ${error}`);
      return answer;
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function nextMessage<T>(child: ChildProcess, output: () => string): Promise<T> {
  const abort = new AbortController();
  try {
    return await Promise.race([
      once(child, 'message', { signal: abort.signal }).then(([message]) => message as T),
      once(child, 'exit', { signal: abort.signal }).then(([code]) => {
        throw new Error(`the process ended with ${code}: ${output()}`);
      }),
    ]);
  } finally {
    abort.abort();
  }
}
