import dns, { type LookupAddress } from 'node:dns';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { InfrastructureError } from '../core/errors.ts';
import type { ApiClient, ApiRequest, ApiResponse } from '../core/ports.ts';
import { isPublicAddress } from './public-address.ts';
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
 * that no name can lead into a private network, whatever it led to before; an address in the base URL itself was somebody's choice.
 * @example httpsApiClient({ limitMs: 5_000 })
 */
export function httpsApiClient(options: ApiClientOptions): ApiClient & { close(): void } {
  const agents = {
    'https:': new https.Agent({ keepAlive: true }),
    'http:': new http.Agent({ keepAlive: true }),
  };
  const lookup = publicLookup(options.addressesOf ?? ((host) => dns.promises.lookup(host, { all: true })));

  function open(request: ApiRequest, signal: AbortSignal): ClientRequest {
    const { method, body = '' } = request;
    const url = new URL(request.url);
    const length = method === 'GET' ? {} : { 'content-length': Buffer.byteLength(body) };
    const settings = { method, lookup, signal, headers: { ...request.headers, ...length } };
    const call =
      url.protocol === 'https:'
        ? https.request(url, { ...settings, agent: agents['https:'] })
        : http.request(url, { ...settings, agent: agents['http:'] });
    return call.end(body);
  }

  return {
    async send(request, { baseUrl }) {
      const signal = AbortSignal.timeout(options.limitMs);
      try {
        refuseElsewhere(request, baseUrl);
        return await answerTo(() => open(request, signal));
      } catch (error) {
        throw signal.aborted ? tooLate(baseUrl, error, options.limitMs) : failure(baseUrl, error);
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** What is sent holds credentials. */
function refuseElsewhere({ url }: ApiRequest, baseUrl: string): void {
  const { origin, protocol, hostname } = new URL(url);
  const isSecret = protocol === 'https:' || (protocol === 'http:' && hostname === '127.0.0.1');
  if (origin !== new URL(baseUrl).origin || !isSecret)
    throw coded('ELSEWHERE', 'not the base URL of the source');
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

function publicLookup(addressesOf: NonNullable<ApiClientOptions['addressesOf']>): LookupFunction {
  return (host, { all = false }, done) => {
    addressesOf(host).then(
      (found) => {
        const [first] = found;
        if (first === undefined) done(coded('ENOTFOUND', 'its name leads nowhere'), '');
        else if (!found.every(({ address }) => isPublicAddress(address)))
          done(coded('PRIVATE', 'its name leads into a private network'), '');
        else if (all) done(null, [...found]);
        else done(null, first.address, first.family);
      },
      (error: Error) => done(error, ''),
    );
  };
}

function coded(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}

function isReset(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/** These stay until somebody changes something. */
const LASTING = /^(ELSEWHERE|PRIVATE|TOO_LARGE|ERR_INVALID_|ERR_UNESCAPED_)/;

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
