import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PUBLIC_URL } from './signer.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** All that the receiver keeps, and what a test looks at. */
export interface ReceiverFolder {
  readonly data: string;
  readonly outbox: string;
  readonly secrets: string;
}

export function receiverFolder(
  folder: string,
  { secrets }: { readonly secrets: Readonly<Record<string, object>> },
): ReceiverFolder {
  const files = {
    data: join(folder, 'data'),
    outbox: join(folder, 'outbox.jsonl'),
    secrets: join(folder, 'secrets.json'),
  };
  writeFileSync(files.secrets, JSON.stringify(secrets));
  return files;
}

/** `npm start` in a process of its own. */
export interface ReceiverProcess {
  /** Where it listens. Throws when it has ended by itself. */
  url(): string;
  /** `SIGKILL` as `kill -9` does it, `SIGINT` as Ctrl-C. Resolves to the exit code when the process is gone; null when it was killed. */
  end(signal: 'SIGKILL' | 'SIGINT'): Promise<number | null>;
}

export interface ReceiverOptions {
  readonly topic: 'standard' | 'fifo';
  /** The file with its sources. */
  readonly sources: string;
}

/** @param say takes each line that it prints. */
export async function startReceiver(
  { data, outbox, secrets }: ReceiverFolder,
  { topic, sources, say }: ReceiverOptions & { readonly say: (line: string) => void },
): Promise<ReceiverProcess> {
  const files = ['--data', data, '--outbox', outbox, '--secrets', secrets, '--sources', sources];
  const kind = topic === 'fifo' ? ['--fifo'] : [];
  const child = spawn(
    process.execPath,
    ['bin/local.ts', '--port', '0', '--public-url', PUBLIC_URL, ...files, ...kind],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  // Not `exit`: only now all that it printed has been read.
  const closed = once(child, 'close');
  const ready = Promise.withResolvers<void>();
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      printed.push(line);
      say(line);
      if (line.includes('Headgate is ready')) ready.resolve();
    });
  }
  let ending: 'none' | 'asked-for' | 'its-own' = 'none';
  const ended = closed.then(() => {
    if (ending === 'none') ending = 'its-own';
  });
  const lastWords = (): Error => new Error(`the receiver has ended: ${printed.slice(-20).join('\n')}`);
  await Promise.race([ready.promise, ended.then(() => Promise.reject(lastWords()))]);
  const { url }: { url: string } = JSON.parse(readFileSync(join(data, 'address.json'), 'utf8'));
  return {
    url() {
      if (ending === 'its-own') throw lastWords();
      return url;
    },
    async end(signal) {
      ending = 'asked-for';
      child.kill(signal);
      const [code]: readonly (number | null)[] = await closed;
      return code ?? null;
    },
  };
}
