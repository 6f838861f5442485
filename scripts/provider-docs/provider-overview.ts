import { spanInWords } from '../../lib/cli/delivery-in-words.ts';
import { proofInWords } from '../../lib/cli/scheme-in-words.ts';
import { givesIds } from '../../lib/core/event-identity.ts';
import type { Provider } from '../../lib/core/provider.ts';
import { holesOf, isCovered } from './event-places.ts';
import { blocks, table } from './markdown.ts';
import type { Proof, ProviderFacts } from './provider-facts.ts';
import { EVERYWHERE, LEGEND, SECRETS } from './shared-chapters.ts';
import { STEP_CAUTIONS } from './step-words.ts';

/** The first page: all providers in one table, and what holds for all of them. */
export function providerOverview(all_: readonly ProviderFacts[]): string {
  const sorted = all_.toSorted((one, other) => one.provider.title.localeCompare(other.provider.title, 'en'));
  return `${blocks(
    '# Providers',
    '<!-- Written by `npm run docs` from lib/providers. Change it there. -->',
    `Headgate knows ${all_.length} senders. Each page says how to set it up, how a request proves its origin, what that proof does *not* cover, how events are read, and what our answers do there. All of it is written from the values that the code runs on.`,
    table(
      ['', 'proof', 'covers', 'signed time', 'id', 'batches', 'handshake', 'waits', 'after 5xx', 'after 4xx'],
      sorted.map(row),
    ),
    LEGEND,
    SECRETS,
    EVERYWHERE,
  )}\n`;
}

function row({ provider, proofs }: ProviderFacts): readonly string[] {
  const { delivery, handshakes = [] } = provider;
  return [
    `[${provider.title}](${provider.name}.md)`,
    proofInWords(provider.scheme),
    [...new Set(proofs.map((proof) => coversInShort(provider, proof)))].join(' or '),
    [...new Set(proofs.map(({ coverage }) => coverage.time))].join(' or '),
    idInShort(provider),
    provider.split === undefined ? '' : 'yes',
    handshakesInShort(handshakes),
    `${delivery.timeoutMs / 1000} s`,
    delivery.retries === 'none' ? '**lost**' : `retried, ${spanInWords(delivery.retries.spanSeconds)}`,
    clientErrorsInShort(provider),
  ];
}

function coversInShort(provider: Provider, { scheme, coverage }: Proof): string {
  const { body, url, method } = coverage;
  const weak = scheme.kind === 'step' && STEP_CAUTIONS[scheme.step] !== undefined ? '†' : '';
  const identified = (['id', 'type'] as const).some((field) =>
    holesOf(provider, field, scheme)?.some((hole) => isCovered(hole, coverage)),
  );
  const parts = [
    ...(body === 'all' ? ['body'] : []),
    ...(typeof body === 'string' ? [] : [identified ? 'some fields' : 'nothing of the event']),
    ...(url === 'no' ? [] : [url === 'path' ? 'path' : 'URL']),
    ...(method === 'yes' ? ['method'] : []),
  ];
  return parts.length === 0 ? 'nothing' : `${parts.join(', ')}${weak}`;
}

function idInShort(provider: Provider): string {
  if (!givesIds(provider)) return 'none';
  return provider.idCoverage;
}

function handshakesInShort(handshakes: NonNullable<Provider['handshakes']>): string {
  return [
    ...new Set(
      handshakes.map(({ guard }) => {
        if (typeof guard === 'string') return guard === 'verified' ? 'signed' : 'open';
        if ('confirms' in guard) return 'signed';
        return 'verifyToken' in guard ? 'verify token' : 'brings the secret';
      }),
    ),
  ].join(', ');
}

function clientErrorsInShort({ delivery: { retries, clientErrors } }: Provider): string {
  if (retries === 'none' || clientErrors === 'dropped') return 'lost';
  return clientErrors ?? 'not known';
}
