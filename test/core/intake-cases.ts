import type { Delivery, DeliveryId } from '../../lib/core/delivery.ts';
import { type EventReading, readEvents } from '../../lib/core/identify.ts';
import type { Provider } from '../../lib/core/provider.ts';
import type { Headers, Request } from '../../lib/core/request.ts';
import { markVerified } from '../../lib/core/scheme/verified.ts';
import type { Verified } from '../../lib/core/scheme.ts';
import {
  parseSources,
  type Source,
  type SourceApiDefinition,
  type SourceName,
} from '../../lib/core/source.ts';
import { loadSteps } from '../../lib/core/steps/load-steps.ts';

export const JSON_TYPE = { 'content-type': 'application/json' } as const;
export const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' } as const;

/** A provider that says everything in its body; a test changes what it is about. */
export function plainProvider(changes: Partial<Provider> = {}): Provider {
  return {
    name: 'acme',
    title: 'Acme',
    docs: [],
    scheme: { kind: 'token', header: 'x-token' },
    events: [{ id: '{body:id}', type: '{body:type}' }],
    idCoverage: 'signed',
    delivery: { timeoutMs: 5_000, retries: 'none' },
    setup: [],
    ...changes,
  };
}

/** A source with the defaults. It is not checked, so that tests can have odd providers. */
export function sourceOf(provider: Provider, options: Partial<Source> = {}): Source {
  return {
    name: provider.name as SourceName,
    provider,
    paths: [`/${provider.name}`],
    events: 'all',
    repeatedContent: 'publish',
    redact: [],
    secretOverlapSeconds: 86_400,
    ...options,
  };
}

/** The same, for each of whose events the provider's API is asked; checked. */
export function reconcilingSource(provider: Provider, api: SourceApiDefinition = {}): Source {
  const baseUrl = provider.api?.baseUrls === undefined ? 'https://account.example.com/api' : undefined;
  const options = { ...(baseUrl === undefined ? {} : { baseUrl }), ...api };
  const [source] = parseSources({ [provider.name]: { provider, reconcile: 'always', api: options } });
  if (source === undefined) throw new Error('there is no source');
  return source;
}

export interface Sent {
  readonly body: string | Buffer;
  readonly headers?: Headers;
  readonly query?: string;
  readonly method?: Request['method'];
}

export function requestOf(sent: Sent): Request {
  return {
    method: sent.method ?? 'POST',
    path: '/acme',
    query: sent.query ?? '',
    headers: sent.headers ?? JSON_TYPE,
    body: Buffer.isBuffer(sent.body) ? sent.body : Buffer.from(sent.body),
    receivedAt: Date.UTC(2026, 10, 24, 10),
  };
}

export function verifiedOf(sent: Sent): Verified {
  return markVerified(requestOf(sent), 'newest');
}

export function deliveryOf(source: Source, sent: Sent): Delivery {
  const { method, path, query, headers, body, receivedAt } = requestOf(sent);
  return {
    id: 'JKJaXmPLvHcESHA=' as DeliveryId,
    source: source.name,
    origin: 'webhook',
    method,
    path,
    query,
    headers,
    body,
    receivedAt,
  };
}

/** Identifies with the provider's own steps. */
export async function read(source: Source, sent: Sent): Promise<EventReading> {
  return readEvents(source, deliveryOf(source, sent), await loadSteps(source.provider));
}

/** For requests that hold exactly one event. */
export async function readOne(
  source: Source,
  sent: Sent,
): Promise<Extract<EventReading, { kind: 'events' }>['events'][number]> {
  const reading = await read(source, sent);
  const [event, ...more] = reading.kind === 'events' ? reading.events : [];
  if (event === undefined || more.length > 0) throw new Error(`not one event: ${JSON.stringify(reading)}`);
  return event;
}
