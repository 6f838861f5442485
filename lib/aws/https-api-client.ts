import dns, { type LookupAddress } from 'node:dns';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { InfrastructureError } from '../core/errors.ts';
import type { ApiBase, ApiClient, ApiRequest, ApiResponse } from '../core/ports.ts';
import type { ApiNetwork } from '../core/source.ts';
import { guardedLookup, guardLiteral } from './guarded-lookup.ts';
import { readBody } from './read-body.ts';

/** The largest answer that is read, in bytes. */
const SIZE_LIMIT = 1_048_576;

export interface ApiClientOptions {
  /** For one whole answer, in ms. */
  readonly limitMs: number;
  /** The addresses of a name; by default as the system knows them. */
  readonly addressesOf?: (host: string) => Promise<readonly LookupAddress[]>;
}

/**
 * HTTP to providers' APIs. A redirect is an answer like any other. What a name leads to is looked at when the connection is made, so
 * that no name can lead out of its base's network, whatever it led to before. A connection is kept for bases of one network only.
 * @example httpsApiClient({ limitMs: 5_000 })
 */
export function httpsApiClient(options: ApiClientOptions): ApiClient & { close(): void } {
  const { addressesOf = (host) => dns.promises.lookup(host, { all: true }) } = options;
  const agentsOf = (network: ApiNetwork): Agents => {
    const settings = { keepAlive: true, lookup: guardedLookup(network, addressesOf) };
    return { 'https:': new https.Agent(settings), 'http:': new http.Agent(settings) };
  };
  const networks = { public: agentsOf('public'), 'private-too': agentsOf('private-too') };

  function open(request: ApiRequest, network: ApiNetwork, signal: AbortSignal): ClientRequest {
    const { method, body = '' } = request;
    const url = new URL(request.url);
    const length = method === 'GET' ? {} : { 'content-length': Buffer.byteLength(body) };
    const settings = { method, signal, headers: { ...request.headers, ...length } };
    const agents = networks[network];
    const call =
      url.protocol === 'https:'
        ? https.request(url, { ...settings, agent: agents['https:'] })
        : http.request(url, { ...settings, agent: agents['http:'] });
    return call.end(body);
  }

  return {
    async send(request, base) {
      const { baseUrl, network } = base;
      const signal = AbortSignal.timeout(options.limitMs);
      try {
        refuseElsewhere(request, base);
        return await answerTo(() => open(request, network, signal));
      } catch (error) {
        throw signal.aborted ? tooLate(baseUrl, error, options.limitMs) : failure(baseUrl, error);
      }
    },
    close() {
      for (const agent of Object.values(networks).flatMap((agents) => Object.values(agents))) agent.destroy();
    },
  };
}

interface Agents {
  readonly 'https:': https.Agent;
  readonly 'http:': http.Agent;
}

/** What is sent holds credentials. */
function refuseElsewhere({ url }: ApiRequest, { baseUrl, network }: ApiBase): void {
  const { origin, protocol, hostname } = new URL(url);
  const isSecret = protocol === 'https:' || (protocol === 'http:' && hostname === '127.0.0.1');
  if (origin !== new URL(baseUrl).origin || !isSecret)
    throw Object.assign(new Error('not the base URL of the source'), { code: 'ELSEWHERE' });
  guardLiteral(network, hostname);
}

async function answerTo(open: () => ClientRequest): Promise<ApiResponse> {
  const call = open();
  try {
    return await answerOf(call);
  } catch (error) {
    // The server had closed a kept connection, which shows only when it is used again: a sandbox may have been frozen for minutes.
    if (!call.reusedSocket || !isReset(error)) throw error;
    return answerOf(open());
  }
}

function answerOf(call: ClientRequest): Promise<ApiResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<ApiResponse>();
  call.on('error', reject);
  call.on('response', (answer: IncomingMessage) => {
    readBody(answer, SIZE_LIMIT).then(
      (body) => resolve({ status: answer.statusCode ?? 0, headers: headersOf(answer), body }),
      reject,
    );
  });
  return promise;
}

/** Node joins those that were sent twice, but for cookies. */
function headersOf({ headers }: IncomingMessage): ApiResponse['headers'] {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

function isReset(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/** These stay until somebody changes something. */
const LASTING = /^(ELSEWHERE|OUTSIDE_NETWORK|TOO_LARGE|ERR_INVALID_|ERR_UNESCAPED_)/;

/** Node's messages name hosts, addresses and headers, never what was sent. What has no code is a bug. */
function failure(baseUrl: string, error: unknown): unknown {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code !== 'string') return error;
  return new InfrastructureError(callOf(baseUrl), LASTING.test(code) ? 'refused' : 'unavailable', {
    cause: error,
    explanation: `${code} ${message}`.slice(0, 200),
  });
}

function tooLate(baseUrl: string, cause: unknown, limitMs: number): InfrastructureError {
  return new InfrastructureError(callOf(baseUrl), 'unavailable', {
    cause,
    explanation: `no whole answer within ${limitMs} ms`,
  });
}

function callOf(baseUrl: string): string {
  return `api:${new URL(baseUrl).host}`;
}
