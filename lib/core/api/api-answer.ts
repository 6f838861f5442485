import { readJson } from '../document.ts';
import type { ApiResponse, FetchAnswer } from '../ports.ts';
import type { DocumentShape, RateLimitHeaders } from '../provider-api.ts';
import { answerKind } from '../read-resource.ts';
import { type EpochMs, header } from '../request.ts';
import { entityTag } from './entity-tag.ts';
import { USUAL_WAIT_SECONDS, waitAskedFor } from './wait-asked-for.ts';

export type Unknown = Extract<FetchAnswer, { readonly kind: 'unknown' }>;

/** Whether the provider works, as far as one request shows. `untold`: it never reached the provider. */
type Health = 'up' | 'down' | 'untold';

/** What an answer says of the provider, beside what was asked. */
export interface Signs {
  readonly health: Health;
  /** How long it wants to be left alone. */
  readonly waitSeconds?: number;
}

/** What an answer says of a resource. */
export interface Reading extends Signs {
  readonly answer: Exclude<FetchAnswer, { readonly kind: 'absent' }> | { readonly kind: 'absent' };
  /** 401, or an error under 200, which may be that: other credentials may do. */
  readonly unauthorized?: true;
}

interface AnswerContext {
  readonly limits: RateLimitHeaders | undefined;
  readonly now: EpochMs;
}

interface Asked {
  /** Whether a tag was sent along. */
  readonly asked: 'at-all' | 'for-changes';
  readonly shape: DocumentShape;
}

/**
 * What a provider's answer says of the resource that was asked for.
 *
 * | status | the resource |
 * |---|---|
 * | 200 | `found`, if the body is JSON, and what the provider says is a resource; `absent`, if it says that there is none |
 * | 304 | `unchanged`, if a tag was sent |
 * | 404, 410 | `absent` |
 * | anything else | `unknown`, a 401 or 403 too: who may not look knows nothing |
 *
 * Nothing of the body or the URL is ever in a `cause`.
 */
export function readAnswer(response: ApiResponse, { asked, shape }: Asked, context: AnswerContext): Reading {
  switch (response.status) {
    case 200:
      return { ...signsOf(response, context), ...readFound(response, shape) };
    case 304:
      return asked === 'for-changes'
        ? { ...signsOf(response, context), answer: { kind: 'unchanged' } }
        : readFailure(response, context);
    case 404:
    case 410:
      return { ...signsOf(response, context), answer: { kind: 'absent' } };
    default:
      return readFailure(response, context);
  }
}

/** Of an answer that has nothing of what was asked for. */
export function readFailure(
  response: ApiResponse,
  context: AnswerContext,
): Signs & {
  readonly answer: Unknown;
  readonly unauthorized?: true;
} {
  const { status } = response;
  const asked = waitAskedFor(response.headers, context.limits, context.now);
  if (status === 429 || (status === 403 && asked !== undefined)) {
    const waitSeconds = asked ?? USUAL_WAIT_SECONDS;
    return { health: 'up', waitSeconds, answer: unknown('throttled', `HTTP ${status}`, waitSeconds) };
  }
  const signs = signsOf(response, context);
  const { waitSeconds } = signs;
  if (status >= 500)
    return { ...signs, health: 'down', answer: unknown('unanswered', `HTTP ${status}`, waitSeconds) };
  switch (status) {
    case 401:
      return {
        ...signs,
        unauthorized: true,
        answer: unknown('refused', 'HTTP 401: the credentials are not taken'),
      };
    case 403:
      return { ...signs, answer: unknown('refused', 'HTTP 403: the credentials may not read this') };
    default:
      return {
        ...signs,
        answer: unknown('unusable', status >= 300 && status < 400 ? redirected(status) : `HTTP ${status}`),
      };
  }
}

export function unknown(reason: Unknown['reason'], cause: string, afterSeconds?: number): Unknown {
  return { kind: 'unknown', reason, cause, ...(afterSeconds === undefined ? {} : { afterSeconds }) };
}

/** An answer that came late enough may say that the next ones will not come at all. */
function signsOf({ headers }: ApiResponse, { limits, now }: AnswerContext): Signs {
  const waitSeconds = waitAskedFor(headers, limits, now);
  return { health: 'up', ...(waitSeconds === undefined ? {} : { waitSeconds }) };
}

function redirected(status: number): string {
  return `HTTP ${status}: a redirect that is not followed: only one is, and only below the base URL`;
}

function readFound(
  { headers, body }: ApiResponse,
  shape: DocumentShape,
): Pick<Reading, 'answer' | 'unauthorized'> {
  const coding = header(headers, 'content-encoding') ?? 'identity';
  if (coding.trim().toLowerCase() !== 'identity')
    return { answer: unknown('unusable', 'the answer is compressed, though none was asked for') };
  const document = readJson(body, {});
  if (document.kind === 'unreadable') return { answer: unknown('unusable', document.explanation) };
  switch (answerKind(document.text, shape)) {
    case 'absence':
      return { answer: { kind: 'absent' } };
    case 'something-else':
      return {
        unauthorized: true,
        answer: unknown('refused', 'HTTP 200, but an error in the place of a resource'),
      };
    case 'resource': {
      const etag = entityTag(header(headers, 'etag'));
      return { answer: { kind: 'found', text: document.text, ...(etag === undefined ? {} : { etag }) } };
    }
  }
}
