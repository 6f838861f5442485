import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { LAMBDA_PAYLOAD_LIMIT } from '../core/resources.ts';
import { type GatewayAnswer, gatewayAnswer, messageAnswer } from './gateway-answer.ts';
import { type GatewayRequest, gatewayEvent } from './gateway-event.ts';
import { startLocalServer } from './local-server.ts';

export interface GatewayOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** Exact paths; a method other than the route's is as unknown as another path. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /** The function behind the routes; its result is as a Lambda function's. */
  readonly invoke: (event: APIGatewayProxyEventV2) => Promise<unknown>;
  /** Epoch ms; becomes `requestContext.timeEpoch`. */
  readonly now: () => number;
  /** Told why a caller got a 500: what the function threw, or that its result was malformed or too large. */
  readonly onFailure: (error: unknown, routeKey: string) => void;
}

export interface Gateway {
  /** `http://127.0.0.1:8787` */
  readonly url: string;
  /** Lets requests under way finish. */
  close(): Promise<void>;
}

const API_LIMIT = 10 * 1024 * 1024;
/** JSON makes at most six bytes of one, so smaller bodies need no measuring; the rest of an event is far smaller. */
const SURELY_SMALL = LAMBDA_PAYLOAD_LIMIT / 6 - 65_536;

/**
 * An HTTP API (payload format 2.0) on 127.0.0.1. An unknown route is answered 404 and a body above the limits 413, both
 * without invoking; a thrown error, a malformed and a too large result are answered 500. Throws `PortInUseError`.
 * @example
 * startGateway({ port: 8787, routes: [{ method: 'POST', path: '/github' }], invoke, now: Date.now, onFailure: console.error })
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const routeKeys = new Set(options.routes.map(({ method, path }) => `${method} ${path}`));
  const server = await startLocalServer(options.port, async (request, response) => {
    const receivedAt = options.now();
    const requestId = randomUUID();
    const body = await readUpTo(API_LIMIT, request);
    const called = { ...calledOf(request), requestId, receivedAt };
    const routeKey = `${called.method} ${called.path}`;
    const answer = await (async (): Promise<GatewayAnswer> => {
      if (!routeKeys.has(routeKey)) return messageAnswer(404, 'Not Found');
      if (body === undefined) return TOO_LARGE;
      return invoke(options, { ...called, body }, routeKey);
    })();
    send(response, answer, requestId);
  });
  return { url: `http://127.0.0.1:${server.port}`, close: server.close };
}

const TOO_LARGE = messageAnswer(413, 'Request Entity Too Large');
const BROKEN = messageAnswer(500, 'Internal Server Error');

async function invoke(
  { invoke: call, onFailure }: GatewayOptions,
  request: GatewayRequest,
  routeKey: string,
): Promise<GatewayAnswer> {
  const event = gatewayEvent(request, routeKey);
  if (request.body.length > SURELY_SMALL && exceedsLambdaLimit(event)) return TOO_LARGE;
  try {
    const result = await call(event);
    const answer = gatewayAnswer(result);
    if (answer === undefined) throw new Error('The result is not one of payload format 2.0.');
    if (answer.body.length > SURELY_SMALL && exceedsLambdaLimit(result)) {
      throw new Error(`The result is above ${LAMBDA_PAYLOAD_LIMIT} bytes.`);
    }
    return answer;
  } catch (error) {
    onFailure(error, routeKey);
    return BROKEN;
  }
}

function exceedsLambdaLimit(payload: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(payload)) > LAMBDA_PAYLOAD_LIMIT;
}

/** The body, or undefined when it is larger; what is too much is read all the same, so that the caller reads our answer. */
async function readUpTo(limit: number, request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
  }
  return length <= limit ? Buffer.concat(chunks) : undefined;
}

function calledOf(request: IncomingMessage): Omit<GatewayRequest, 'body' | 'requestId' | 'receivedAt'> {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  return {
    method: request.method ?? 'GET',
    path: decodedOrRaw(path),
    query: query.join('?'),
    rawHeaders: request.rawHeaders,
    protocol: `HTTP/${request.httpVersion}`,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    port: request.socket.localPort ?? 0,
  };
}

/** A path that cannot be decoded matches no route, either way. */
function decodedOrRaw(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function send(response: ServerResponse, { status, headers, body }: GatewayAnswer, requestId: string): void {
  const lines = [['apigw-requestid', requestId], ['content-length', String(body.length)], ...headers];
  response.writeHead(status, lines.flat()).end(body);
}
