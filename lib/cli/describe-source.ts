import { API_TEXT } from '../core/api/credentials.ts';
import { givesIds } from '../core/event-identity.ts';
import type { DeliveryHabits } from '../core/provider.ts';
import type { Reconciliation, Source } from '../core/source.ts';
import type { Paint } from '../local/report-paint.ts';
import { retriesInWords, sizesInWords } from './delivery-in-words.ts';
import { schemeInWords } from './scheme-in-words.ts';

/**
 * What is configured for a source, what to expect of its provider, and how to set it up there.
 * @param baseUrl what its URLs begin with, where that is known.
 */
export function describeSource(source: Source, paint: Paint, baseUrl = ''): string {
  const { provider } = source;
  const facts: readonly (readonly [string, string])[] = [
    ['url', source.paths.map((path) => baseUrl + path).join('  ')],
    ['proof', schemeInWords(provider.scheme, source.toleranceSeconds)],
    ...(source.setup === undefined ? [] : [['secret', SETUP_IN_WORDS] as const]),
    ['id', idInWords(source)],
    ...(source.reconcile === undefined ? [] : [['reconcile', reconcileInWords(source.reconcile)] as const]),
    ['events', source.events === 'all' ? 'all' : source.events.join(', ')],
    ...(source.redact.length === 0 ? [] : [['redacted', source.redact.join(', ')] as const]),
    ['time limit', inSeconds(provider.delivery.timeoutMs)],
    ['size', sizeInWords(provider.delivery)],
    ['retries', retriesInWords(provider.delivery)],
    ...(provider.delivery.disabling === undefined
      ? []
      : [['disabling', provider.delivery.disabling] as const]),
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    `${paint('title', source.name)}  ${provider.title}`,
    ...facts.map(([name, text]) => `  ${paint('aside', name.padEnd(width))}  ${text}`),
    ...(provider.setup.length === 0 ? [] : [`  ${paint('aside', 'set-up')}`]),
    ...provider.setup.map((hint, index) => `    ${index + 1}. ${hint}`),
    ...(provider.docs.length === 0 ? [] : [`  ${paint('aside', 'docs')}`]),
    ...provider.docs.map((url) => `    ${url}`),
  ].join('\n');
}

const SETUP_IN_WORDS =
  'in set-up: the first set-up request that brings one stores it, if there is none; then take setup out of the source';

function reconcileInWords({ when, baseUrl, auth }: Reconciliation): string {
  return `${when}, by ${baseUrl}; in the stored secret "api" is ${API_TEXT[auth.kind]}`;
}

function idInWords({ provider, repeatedContent }: Source): string {
  if (!givesIds(provider))
    return 'none: each delivery is an event of its own, so what is sent again is published again';
  if (provider.idCoverage === 'signed') return 'signed';
  const consequence =
    repeatedContent === 'refuse' ? 'is a dead letter' : 'is published with repeatof, and counted';
  return `not signed: what comes again with the same bytes under another id ${consequence}`;
}

function sizeInWords(delivery: DeliveryHabits): string {
  const { sent, taken } = sizesInWords(delivery);
  return `${sent}; taken: ${taken}`;
}

function inSeconds(ms: number): string {
  return `${ms / 1000} s to answer`;
}
