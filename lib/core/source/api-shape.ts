import { wrong } from '../place.ts';
import type {
  ApiAuth,
  PathByKind,
  ProviderApi,
  Rate,
  RateLimitHeaders,
  ResourceShape,
} from '../provider-api.ts';
import {
  checked,
  entries,
  items,
  listOr,
  objectOr,
  oneOf,
  optional,
  record,
  type Shape,
  shape,
  text,
  variants,
} from '../shape.ts';
import { eventTest } from './handshake-shape.ts';
import { version } from './instant-shape.ts';
import { eventLocation, eventLocations, hasHole } from './template-shape.ts';
import { HEADER_NAME, headerName, line } from './text-shape.ts';

/** A path below a base URL, of parts that no client and no server normalises away; some servers want a slash at its end. */
const PATH = /^(\/(?!\.{1,2}(\/|\?|$))[A-Za-z0-9._~{}:-]+)+\/?(\?[^\s#]*)?$/;

export const httpsBase: Shape<string> = text(
  /^https:\/\/[a-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._~-]+)*$/,
  'an https address without a slash at its end, such as "https://api.example.com/v1"',
);

export const rate: Shape<Rate> = record<Rate>({
  perSecond: positive(1_000),
  burst: positive(10_000),
});

export const AUTH_KINDS = ['token', 'basic', 'client-credentials', 'github-app'] as const;

const auth = variants<ApiAuth>({
  token: record<Extract<ApiAuth, { kind: 'token' }>>({
    kind: oneOf('token'),
    header: headerName,
    prefix: optional(text(/^[\x21-\x7e][\x20-\x7e]{0,39}$/, 'a word, and a space where one follows')),
  }),
  basic: record<Extract<ApiAuth, { kind: 'basic' }>>({ kind: oneOf('basic') }),
  'client-credentials': record<Extract<ApiAuth, { kind: 'client-credentials' }>>({
    kind: oneOf('client-credentials'),
    tokenPath: text(PATH, 'a path such as "/v1/oauth2/token"'),
    scope: optional(line),
  }),
  'github-app': record<Extract<ApiAuth, { kind: 'github-app' }>>({ kind: oneOf('github-app') }),
});

/** A provider's REST API. */
export const api: Shape<ProviderApi> = record<ProviderApi>({
  baseUrls: optional(
    entries({ pattern: /^[a-z][a-z-]{0,39}$/, allowed: 'a name of a-z and "-"' }, httpsBase),
  ),
  auth: items(auth, 'a list with at least one kind of credentials'),
  headers: optional(entries({ pattern: HEADER_NAME, allowed: 'the name of a header in lower case' }, line)),
  rate,
  rateLimit: optional(
    record<RateLimitHeaders>({
      remaining: headerName,
      reset: record<RateLimitHeaders['reset']>({ header: headerName, unit: oneOf('s', 'in-s') }),
    }),
  ),
});

/** What is asked for stands below the base URL: nothing in it can lead elsewhere, nor to a list in the place of one. */
const path = checked(eventLocation, (template, place) => {
  const full = template.replaceAll(/\{[^{}]+\}/g, 'x');
  const least = template.replaceAll(/\{[^{}]+\?\}/g, '').replaceAll(/\{[^{}]+\}/g, 'x');
  if (!PATH.test(full) || !PATH.test(least) || endsInSlash(full) !== endsInSlash(least))
    wrong(place, JSON.stringify(template), 'a path such as "/v1/charges/{body:data.object.id}"');
});

function endsInSlash(path: string): boolean {
  return path.split('?', 1)[0]?.endsWith('/') === true;
}

const pathByKind = record<PathByKind>({
  by: checked(eventLocation, hasHole),
  of: entries(
    { pattern: /^[\w.:-]{1,64}$/, allowed: 'a kind of letters, digits, "_", ".", ":" and "-"' },
    path,
  ),
});

const tests = items(eventTest, 'a list with at least one condition');

/** How an event's resource is read. */
export const resource: Shape<ResourceShape> = record<ResourceShape>({
  subject: optional(eventLocations),
  path: objectOr(pathByKind, listOr(items(path, 'a path or a list of paths'), path)),
  ids: optional(oneOf('digits', 'word', 'name', 'encoded')),
  version: optional(version),
  deletion: optional(tests),
  deleted: optional(tests),
  absent: optional(tests),
  valid: optional(tests),
});

function positive(most: number): Shape<number> {
  return shape({ kind: 'number', of: 'number', above: 0, most }, (value, place) =>
    typeof value === 'number' && value > 0 && value <= most
      ? value
      : wrong(place, String(value), `a number above 0, at most ${most}`),
  );
}
