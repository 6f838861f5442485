import type { Scheme } from '../../../lib/core/provider.ts';
import type { Request } from '../../../lib/core/request.ts';
import { sign, signingKeyPair } from '../../../lib/core/scheme.ts';
import { parseSources, type Source } from '../../../lib/core/source.ts';
import { loadSteps, type Steps } from '../../../lib/core/steps/load-steps.ts';
import type { Genuine } from './genuine.ts';
import sources from './sources.ts';

/** What the receiver is told to be its address: some providers sign it. */
export const PUBLIC_URL = 'https://hooks.example.com';

/** One HTTP call as it goes out; a header that goes out twice has two values. */
export interface Call {
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

export interface Sender {
  readonly source: Source;
  readonly steps: Steps;
  /** What signs: under the newest secret, and under the one before it. */
  readonly newest: string;
  readonly older: string;
}

export interface Senders {
  readonly bySource: ReadonlyMap<string, Sender>;
  /** The receiver's secrets file. */
  readonly secrets: Readonly<Record<string, { readonly signing: readonly string[] }>>;
}

/** All providers with fresh keys, in the middle of a rotation. */
export async function openSenders(): Promise<Senders> {
  const opened = parseSources(sources).map(async (source) => {
    const [newest, older] = [signingKeyPair(source.provider.scheme), signingKeyPair(source.provider.scheme)];
    const sender = {
      source,
      steps: await loadSteps(source.provider),
      newest: newest.signer,
      older: older.signer,
    };
    return { sender, signing: [newest.secret, older.secret] };
  });
  const all = await Promise.all(opened);
  return {
    bySource: new Map(all.map(({ sender }) => [sender.source.name, sender])),
    secrets: Object.fromEntries(all.map(({ sender, signing }) => [sender.source.name, { signing }])),
  };
}

/** @throws {RangeError} when there is no such source. */
export function senderOf(senders: Senders, source: string): Sender {
  const sender = senders.bySource.get(source);
  if (sender === undefined) throw new RangeError(`no source ${source}`);
  return sender;
}

/** The call that the provider would make: signed by `secret`, at `timestamp` (epoch ms). */
export function signed(
  delivery: Genuine,
  { source, steps }: Pick<Sender, 'source' | 'steps'>,
  { secret, timestamp }: { readonly secret: string; readonly timestamp: number },
): Call {
  const { path, query, headers, body, messageId: id } = delivery;
  const request: Request = { method: 'POST', path, query, headers, body, receivedAt: timestamp };
  const url = `${PUBLIC_URL}${path}${query === '' ? '' : `?${query}`}`;
  const scheme = ofFamily(source.provider.scheme, delivery.family);
  const parts = sign({ request, url, scheme, secret, id, timestamp, steps });
  return { path, query: parts.query ?? query, headers: { ...headers, ...parts.headers }, body };
}

function ofFamily(scheme: Scheme, index: number): Scheme {
  const family = scheme.kind === 'signature' ? scheme.families[index] : undefined;
  return scheme.kind === 'signature' && family !== undefined ? { ...scheme, families: [family] } : scheme;
}
