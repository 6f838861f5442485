import { findSpan, parsePath, removeAt, replaceAt } from '../../lib/core/json-span.ts';
import { queryParameter, withoutParameters } from '../../lib/core/query-parameter.ts';
import type { Request } from '../../lib/core/request.ts';
import type { ProviderFixture } from './provider-fixture.ts';
import { proofHeaders, schemeOf, without } from './signed-request.ts';

/** A text in a request that proves it, and requests in which it is another. */
export interface Proof {
  /** For messages: `header x-signature`. */
  readonly name: string;
  readonly value: string;
  readonly with: (value: string) => Request;
  readonly absent: Request;
  /** Sent twice, as it reaches us. */
  readonly twice: readonly Request[];
}

/** All of them: in headers, in the query, in the body. */
export async function proofsOf(fixture: ProviderFixture, request: Request): Promise<readonly Proof[]> {
  const scheme = schemeOf(fixture, request);
  const headers = (await proofHeaders(fixture, request)).map((name) => inHeader(request, name));
  if (scheme.kind === 'token' && 'query' in scheme) return [...headers, inQuery(request, scheme.query)];
  const tokens = scheme.kind === 'token' && 'body' in scheme ? [scheme.body] : [];
  return [...headers, ...[...tokens, ...(fixture.proofs ?? [])].map((path) => inBody(request, path))];
}

function inHeader(request: Request, name: string): Proof {
  const value = request.headers[name] ?? '';
  const put = (other: string): Request => ({ ...request, headers: { ...request.headers, [name]: other } });
  return {
    name: `header ${name}`,
    value,
    with: put,
    absent: { ...request, headers: without(request.headers, [name]) },
    twice: [put(`${value},${value}`), put(`${value}, ${value}`)],
  };
}

function inQuery(request: Request, name: string): Proof {
  const value = queryParameter(request.query, name) ?? '';
  const absent = { ...request, query: withoutParameters(request.query, [name]) };
  const parameter = (text: string): string => new URLSearchParams({ [name]: text }).toString();
  const put = (...texts: readonly string[]): Request => ({
    ...request,
    query: [absent.query, ...texts.map(parameter)].filter((part) => part !== '').join('&'),
  });
  return { name: `parameter ${name}`, value, with: put, absent, twice: [put(value, value)] };
}

/** In all items at once, where there are several: each speaks for itself. */
function inBody(request: Request, path: string): Proof {
  const text = request.body.toString('utf8');
  const keys = parsePath(path);
  const span = findSpan(text, parsePath(path.replaceAll('*', '0')));
  if (span === undefined) throw new Error(`the sample has nothing at ${path}`);
  const json = text.slice(span.start, span.end);
  const put = (other: string): Request => ({ ...request, body: Buffer.from(other) });
  return {
    name: `body ${path}`,
    value: String(JSON.parse(json)),
    with: (value) => put(replaceAt(text, [keys], JSON.stringify(value))),
    absent: put(removeAt(text, [keys])),
    twice: [put(replaceAt(text, [keys], `[${json},${json}]`))],
  };
}
