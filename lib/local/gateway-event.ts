import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** A request as the gateway has it before it makes an event of it. */
export interface GatewayRequest {
  readonly method: string;
  /** The path, decoded once, as HTTP APIs put it into `rawPath`. */
  readonly path: string;
  /** Undecoded, without `?`. */
  readonly query: string;
  /** Names and values in turn, as Node's `rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly protocol: string;
  readonly sourceIp: string;
  readonly port: number;
  readonly requestId: string;
  /** Epoch ms. */
  readonly receivedAt: number;
}

const ACCOUNT = '000000000000';
/** They concern one connection, and the gateway's own is another. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect']);

/**
 * The event that an HTTP API hands to a function (payload format 2.0): header names in lower case, what came twice joined
 * with a comma, cookies apart.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function gatewayEvent(request: GatewayRequest, routeKey: string): APIGatewayProxyEventV2 {
  const { cookies, headers } = readHeaders(request);
  const query = joined(new URLSearchParams(request.query));
  const isBase64Encoded = request.body.length > 0 && !isText(headers['content-type']);
  return {
    version: '2.0',
    routeKey,
    rawPath: request.path,
    rawQueryString: request.query,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(request.query === '' ? {} : { queryStringParameters: query }),
    requestContext: requestContext(request, routeKey, headers),
    // Bytes that are not UTF-8 are damaged here, as they are by the real gateway.
    ...(request.body.length > 0 ? { body: request.body.toString(isBase64Encoded ? 'base64' : 'utf8') } : {}),
    isBase64Encoded,
  };
}

/**
 * Which bodies an HTTP API hands over as text. AWS documents no list; this is what others measured on the real service:
 * https://github.com/ministackorg/ministack/pull/766 and https://github.com/floci-io/floci/pull/2203
 */
function isText(contentType = ''): boolean {
  const [media = '', ...parameters] = contentType.toLowerCase().split(';');
  const charset = parameters.map((parameter) => /^\s*charset="?([^"\s]*)/.exec(parameter)?.[1]).find(Boolean);
  if (charset !== undefined && charset !== 'utf-8') return false;
  return /^(text\/.+|application\/(json|xml|javascript|graphql))$/.test(media.trim());
}

function readHeaders(request: GatewayRequest): { cookies: string[]; headers: Record<string, string> } {
  const pairs: [string, string][] = [];
  const cookies: string[] = [];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    const value = request.rawHeaders[index + 1] ?? '';
    if (name === 'cookie') cookies.push(...value.split(';').map((cookie) => cookie.trim()));
    else if (!HOP_BY_HOP.has(name) && name !== 'content-length') pairs.push([name, value]);
  }
  const added: [string, string][] = [
    ['content-length', String(request.body.length)],
    [
      'x-amzn-trace-id',
      `Root=1-${Math.floor(request.receivedAt / 1000).toString(16)}-${traceOf(request.requestId)}`,
    ],
    ['x-forwarded-for', request.sourceIp],
    ['x-forwarded-port', String(request.port)],
    ['x-forwarded-proto', 'http'],
  ];
  return { cookies, headers: joined([...pairs, ...added]) };
}

/** What came several times under one name, joined with a comma; a name like `__proto__` is a name like any other. */
function joined(pairs: Iterable<[string, string]>): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(values);
}

function traceOf(requestId: string): string {
  return requestId.replaceAll('-', '').slice(0, 24);
}

function requestContext(
  request: GatewayRequest,
  routeKey: string,
  headers: Readonly<Record<string, string>>,
): APIGatewayProxyEventV2['requestContext'] {
  const domainName = (headers.host ?? 'localhost').replace(/:\d+$/, '');
  return {
    accountId: ACCOUNT,
    apiId: 'local',
    domainName,
    domainPrefix: domainName.split('.')[0] ?? domainName,
    http: {
      method: request.method,
      path: request.path,
      protocol: request.protocol,
      sourceIp: request.sourceIp,
      userAgent: headers['user-agent'] ?? '',
    },
    requestId: request.requestId,
    routeKey,
    stage: '$default',
    time: commonLogTime(request.receivedAt),
    timeEpoch: request.receivedAt,
  };
}

/** @example commonLogTime(1583348638390) // '04/Mar/2020:19:03:58 +0000' */
function commonLogTime(epochMs: number): string {
  const [, day, month, year, time] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(epochMs).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
