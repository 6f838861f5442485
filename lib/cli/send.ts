import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Source } from '../core/source.ts';
import { loadSteps } from '../core/steps/load-steps.ts';
import { paintFor } from '../local/report-paint.ts';
import { chooseSample } from './choose-sample.ts';
import { dataFolder, readAddress } from './data-folder.ts';
import { findSource } from './find-source.ts';
import { loadSources } from './load-sources.ts';
import { type Answer, postDelivery } from './post-delivery.ts';
import { freshAt } from './samples/sample.ts';
import { readSigner } from './secrets-file.ts';
import { isAccepted, showAnswer, showDelivery } from './show-exchange.ts';
import { signedDelivery } from './signed-delivery.ts';
import { UsageError } from './usage-error.ts';

export interface SendOptions {
  readonly source: string;
  readonly type?: string;
  /** A source's URL, or what all sources' URLs begin with. Default: where the local receiver listens. */
  readonly url?: string;
  /** How often the same delivery is sent. */
  readonly repeat: number;
  readonly tamper: boolean;
  /** A file with the exact bytes. */
  readonly body?: string;
  readonly data: string;
  readonly secrets?: string;
  readonly sources: string;
}

/** No provider sends again at once; and what comes while the first is still being worked on has to wait. */
const BETWEEN_MS = 1_000;

/** Signs a delivery as the source's provider would, sends it, and shows both sides. Resolves to whether it went as it should. */
export async function send(options: SendOptions): Promise<boolean> {
  const source = findSource(await loadSources(options.sources), options.source);
  const folder = dataFolder(options.data);
  const secrets = options.secrets ?? folder.secrets;
  const fresh = freshAt(Date.now());
  const wish = {
    ...(options.type === undefined ? {} : { type: options.type }),
    ...(options.body === undefined ? {} : { body: readBody(options.body) }),
  };
  const delivery = signedDelivery({
    scheme: source.provider.scheme,
    steps: await loadSteps(source.provider),
    sample: chooseSample(source, wish, fresh),
    ...urlsOf(source, options),
    signer: readSigner(secrets, source),
    id: `msg_${fresh.text(27)}`,
    now: fresh.now,
    tamper: options.tamper ? 'after-signing' : 'no',
  });
  const paint = paintFor(process.stdout);
  console.log(showDelivery(delivery, paint));
  let well = true;
  for (let sent = 1; sent <= options.repeat; sent += 1) {
    if (sent > 1) await sleep(BETWEEN_MS);
    const answer = await postDelivery(delivery, source.provider.delivery.timeoutMs);
    const count = options.repeat === 1 ? '' : paint('aside', ` (${sent} of ${options.repeat})`);
    console.log(showAnswer(answer, paint) + count);
    if (isAccepted(answer) !== options.tamper) continue;
    well = false;
    console.log(paint('notice', advice(answer, secrets)));
  }
  return well;
}

function readBody(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UsageError(`The body's file ${file} cannot be read (${code}). Check the path.`, { cause });
  }
}

/** What is called, and what is signed as called. */
function urlsOf(
  source: Source,
  { url, data }: SendOptions,
): { readonly url: string; readonly signedUrl: string } {
  if (url !== undefined) {
    const called = withPath(url, source);
    return { url: called, signedUrl: called };
  }
  const address = readAddress(dataFolder(data));
  if (address === undefined) {
    throw new UsageError(
      `No receiver is running with the data folder ${data}. Start it with \`npm start\`, or say with --url where to send.`,
    );
  }
  return { url: withPath(address.url, source), signedUrl: withPath(address.publicUrl, source) };
}

/** A URL without a path of its own gets the source's. */
function withPath(url: string, { paths: [path] }: Source): string {
  const { pathname, search } = new URL(url);
  const base = url.split('?', 1)[0]?.replace(/\/+$/, '') ?? url;
  return pathname === '/' ? `${base}${path}${search}` : url;
}

function advice({ status }: Answer, secrets: string): string {
  if (status < 400) return 'It was accepted although it was tampered with.';
  switch (status) {
    case 401:
      return `The receiver has another secret than ${secrets}, or was told another public URL: its output says why it refused.`;
    case 404:
      return 'No source has this path there. `npx headgate sources` shows the paths; what has changed counts after the next start.';
    case 503:
      return 'The receiver has no usable secret for this source, or trouble of its own: its output says which.';
    default:
      return "The receiver's output says why.";
  }
}
