import type { ApiClient, ApiResponse } from '../ports.ts';
import type { EpochMs } from '../request.ts';
import { type AccessToken, readAccessToken } from './access-token.ts';
import { readFailure, type Unknown, unknown } from './api-answer.ts';
import { apiUrl, commonHeaders, type ReconciledSource } from './api-request.ts';
import { askApi, type Obstacle, obstacle } from './ask-api.ts';
import type { TokenExchange } from './credentials.ts';

type Headers = Readonly<Record<string, string>>;
type Exchanged = { readonly kind: 'token'; readonly token: AccessToken } | Obstacle;

/** The token of one source, had for its credentials. */
export interface TokenCache {
  /** Exchanged for when there is none, or it nears its end; one flight at a time. What failed is not tried again for half a minute. */
  headers(
    exchange: TokenExchange,
    of: string,
  ): Promise<{ readonly kind: 'headers'; readonly headers: Headers } | Obstacle>;
  /** Whether these headers hold the token that is kept. */
  holds(headers: Headers): boolean;
  /** The token in these headers is not taken. */
  forget(headers: Headers): void;
}

const REST_MS = 30_000;

interface Kept {
  /** What was exchanged. */
  readonly of: string;
  readonly outcome: Promise<Exchanged>;
  /** While it is under way, for ever. */
  goodUntil: EpochMs;
  headers?: Headers;
}

export function tokenCache(
  source: ReconciledSource,
  { api, now }: { readonly api: ApiClient; readonly now: () => EpochMs },
): TokenCache {
  let kept: Kept | undefined;

  function fly(exchange: TokenExchange, of: string): Kept {
    const outcome = exchangeFor(source, exchange, api, now);
    const flight: Kept = { of, outcome, goodUntil: Number.POSITIVE_INFINITY };
    outcome.then(
      (exchanged) => {
        flight.goodUntil = exchanged.kind === 'token' ? exchanged.token.until : now() + REST_MS;
        if (exchanged.kind === 'token') flight.headers = bearer(exchanged.token);
      },
      () => {
        flight.goodUntil = 0;
      },
    );
    return flight;
  }

  const holds = (headers: Headers): boolean =>
    kept?.headers !== undefined && kept.headers.authorization === headers.authorization;

  return {
    async headers(exchange, of) {
      if (kept === undefined || kept.of !== of || now() >= kept.goodUntil) kept = fly(exchange, of);
      const exchanged = await kept.outcome;
      return exchanged.kind === 'token' ? { kind: 'headers', headers: bearer(exchanged.token) } : exchanged;
    },
    holds,
    forget(headers) {
      if (holds(headers)) kept = undefined;
    },
  };
}

function bearer({ text }: AccessToken): Headers {
  return { authorization: `Bearer ${text}` };
}

async function exchangeFor(
  source: ReconciledSource,
  { path, headersAt, body, answer }: TokenExchange,
  api: ApiClient,
  now: () => EpochMs,
): Promise<Exchanged> {
  const url = apiUrl(source.reconcile.baseUrl, path);
  if (url === undefined)
    return obstacle(unknown('unusable', 'the path of the token leads out of the base URL'), {
      health: 'untold',
    });
  const headers = { ...commonHeaders(source), ...headersAt(now()) };
  const asked = await askApi(api, source, {
    method: 'POST',
    url,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  if (asked.kind === 'obstacle') return asked;
  const token = readAccessToken(asked.response, answer, now());
  return token === undefined ? noToken(asked.response, source, now()) : { kind: 'token', token };
}

function noToken(response: ApiResponse, source: ReconciledSource, now: EpochMs): Obstacle {
  const {
    answer,
    unauthorized: _,
    ...signs
  } = readFailure(response, {
    limits: source.provider.api?.rateLimit,
    now,
  });
  const passes: readonly Unknown['reason'][] = ['throttled', 'unanswered'];
  if (passes.includes(answer.reason)) return obstacle(answer, signs);
  const cause = `for the "api" of the stored secret the provider gives no token: HTTP ${response.status}`;
  return obstacle(unknown('no-credentials', cause), signs);
}
