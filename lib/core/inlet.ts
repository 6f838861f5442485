import type { Provider } from './provider.ts';
import type { Headers } from './request.ts';
import { secretHeaders } from './scheme.ts';
import type { Source } from './source.ts';
import { loadSteps, type Steps } from './steps/load-steps.ts';
import { holesIn } from './template.ts';

/** A source, ready to take requests. */
export interface Inlet {
  readonly source: Source;
  readonly steps: Steps;
  /** Lower-case names of the headers that a delivery keeps: see `deliveryHeaders`. */
  readonly keptHeaders: readonly string[];
}

/** Loads what the source's provider needs, once. */
export async function openInlet(source: Source): Promise<Inlet> {
  return { source, steps: await loadSteps(source.provider), keptHeaders: keptHeaders(source.provider) };
}

/** The headers of a request that a delivery keeps: those that are named, and those that its document is made of. */
export function deliveryHeaders({ keptHeaders, steps }: Omit<Inlet, 'source'>, headers: Headers): Headers {
  const prefix = steps.document?.headerPrefix;
  const isKept = (name: string): boolean =>
    keptHeaders.includes(name) || (prefix !== undefined && name.startsWith(prefix));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isKept(name)));
}

/**
 * The headers that are still needed after the request was accepted: those that the provider's templates name, and the content
 * type. One that is the secret is never among them, whatever names it.
 * @example keptHeaders(github) // ['content-type', 'x-github-event', 'x-github-delivery', …]
 */
export function keptHeaders(provider: Provider): readonly string[] {
  const { scheme, events, signatureMark, typeRequires } = provider;
  const named = [...holesIn([events, signatureMark, typeRequires])].filter(({ from }) => from === 'header');
  const kept = new Set(['content-type', ...named.map(({ name }) => name)]);
  for (const secret of ['authorization', ...secretHeaders(scheme)]) kept.delete(secret);
  return [...kept];
}
