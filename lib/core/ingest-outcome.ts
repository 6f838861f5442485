import type { DeliveryId } from './delivery.ts';
import { ConfigurationError, InfrastructureError } from './errors.ts';
import { type Rejection, rejectionStatus } from './rejection.ts';
import type { IntakeReport } from './report.ts';
import type { SecretAge } from './secret.ts';
import type { SourceName } from './source.ts';
import type { HttpAnswer } from './step.ts';

/** Where items of a body prove themselves each: how many were taken out because they did not. */
interface Dropped {
  readonly dropped?: number;
}

/** What became of a request. */
export type IngestOutcome =
  /** The queue has confirmed; `store`: and the bucket, where the body lies. */
  | (Dropped & {
      readonly kind: 'accepted';
      readonly answer: HttpAnswer;
      readonly secret: SecretAge;
      readonly place: 'queue' | 'store';
    })
  | (Dropped & {
      readonly kind: 'spilled';
      readonly answer: HttpAnswer;
      readonly secret: SecretAge;
      readonly cause: string;
    })
  | { readonly kind: 'handshake'; readonly answer: HttpAnswer }
  /** The secret that a set-up request brought is stored. */
  | { readonly kind: 'installed'; readonly answer: HttpAnswer }
  | (Dropped & { readonly kind: 'filtered'; readonly answer: HttpAnswer; readonly type: string })
  | Rejection
  | Unavailable;

/** Our own trouble; the provider is asked to send again. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly cause: string;
}

/** What somebody else broke becomes an outcome; a bug stays an exception. */
export function unavailable(error: unknown, ...before: readonly string[]): Unavailable {
  if (!(error instanceof InfrastructureError || error instanceof ConfigurationError)) throw error;
  return { kind: 'unavailable', cause: [...before, error.message].join('; then ') };
}

/** When a provider may try again, in s: by then a secret that was missing is looked for again. */
const RETRY_AFTER_SECONDS = 30;

/**
 * What the caller hears. A refusal says its code and no more: the explanation is for the operator.
 * @example answerTo({ kind: 'unavailable', cause: '…' }).status // 503
 */
export function answerTo(outcome: IngestOutcome): HttpAnswer {
  switch (outcome.kind) {
    case 'accepted':
    case 'spilled':
    case 'handshake':
    case 'installed':
    case 'filtered':
      return outcome.answer;
    case 'rejected':
      return refusal(rejectionStatus(outcome.reason), outcome.reason);
    case 'unavailable':
      return refusal(503, 'unavailable');
  }
}

function refusal(status: number, reason: string): HttpAnswer {
  return {
    status,
    headers: {
      'content-type': 'application/json',
      ...(status === 503 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {}),
      ...(status === 405 ? { allow: 'POST' } : {}),
    },
    body: JSON.stringify({ reason }),
  };
}

/** The outcome as it is reported. */
export function reportOf(
  outcome: IngestOutcome,
  call: {
    readonly source: SourceName;
    readonly delivery: DeliveryId;
    readonly bytes: number;
    readonly durationMs: number;
  },
): IntakeReport {
  const dropped = 'dropped' in outcome ? { dropped: outcome.dropped } : {};
  const line = { kind: 'intake', ...call, ...dropped } as const;
  switch (outcome.kind) {
    case 'accepted':
      return { ...line, outcome: 'accepted', secret: outcome.secret, place: outcome.place };
    case 'spilled':
      return { ...line, outcome: 'spilled', secret: outcome.secret, cause: outcome.cause };
    case 'handshake':
    case 'installed':
      return { ...line, outcome: outcome.kind };
    case 'filtered':
      return { ...line, outcome: 'filtered', type: outcome.type };
    case 'rejected':
      return { ...line, outcome: 'rejected', reason: outcome.reason, explanation: outcome.explanation };
    case 'unavailable':
      return { ...line, outcome: 'unavailable', cause: outcome.cause };
  }
}
