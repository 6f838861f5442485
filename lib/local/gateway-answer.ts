import { validateHeaderName, validateHeaderValue } from 'node:http';

export interface GatewayAnswer {
  readonly status: number;
  /** A header can come several times: `set-cookie`. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

interface StructuredResult {
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/**
 * What an HTTP API answers for a function's result (payload format 2.0): an object with `statusCode` is the answer;
 * anything else is a body of JSON with status 200. Undefined when the result is malformed: the gateway then answers 500.
 * @example gatewayAnswer({ statusCode: 401 }) // { status: 401, … }
 */
export function gatewayAnswer(result: unknown): GatewayAnswer | undefined {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) return inferred(result);
  const {
    statusCode,
    headers = {},
    cookies = [],
    body = '',
    isBase64Encoded = false,
  }: StructuredResult = result;
  const pairs = headerPairs(headers);
  const valid =
    Number.isInteger(statusCode) &&
    Number(statusCode) >= 200 &&
    Number(statusCode) <= 599 &&
    pairs !== undefined &&
    isStrings(cookies) &&
    typeof body === 'string' &&
    typeof isBase64Encoded === 'boolean';
  if (!valid) return undefined;
  return {
    status: Number(statusCode),
    headers: [
      ...(pairs.some(([name]) => name === 'content-type') ? [] : [TEXT]),
      ...pairs,
      ...cookies.map((cookie) => ['set-cookie', cookie] as const),
    ],
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** The gateway's own answers. */
export function messageAnswer(status: number, message: string): GatewayAnswer {
  return { status, headers: [JSON_TYPE], body: Buffer.from(JSON.stringify({ message })) };
}

const TEXT = ['content-type', 'text/plain; charset=utf-8'] as const;
const JSON_TYPE = ['content-type', 'application/json'] as const;

function inferred(result: unknown): GatewayAnswer {
  const text = typeof result === 'string' ? result : JSON.stringify(result ?? null);
  return { status: 200, headers: [JSON_TYPE], body: Buffer.from(text) };
}

/** The gateway and Node set these themselves. */
const OWN = new Set(['content-length', 'transfer-encoding', 'connection']);

/** The headers with names in lower case; undefined when there is one that HTTP cannot carry. */
function headerPairs(headers: unknown): [string, string][] | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const pairs = Object.entries(headers).filter(([name]) => !OWN.has(name.toLowerCase()));
  return pairs.every(([name, value]) => isHeader(name, value))
    ? pairs.map(([name, value]) => [name.toLowerCase(), String(value)])
    : undefined;
}

function isHeader(name: string, value: unknown): boolean {
  if (!['string', 'number', 'boolean'].includes(typeof value)) return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, String(value));
    return true;
  } catch {
    return false;
  }
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
