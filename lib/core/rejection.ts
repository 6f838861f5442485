/** Why a request was refused: a field of the log, explained in the runbook. Metrics count by status, not by reason. */
export type RejectionReason =
  | 'missing-signature'
  | 'malformed-signature'
  | 'wrong-signature'
  | 'missing-timestamp'
  | 'malformed-timestamp'
  | 'stale-timestamp'
  | 'future-timestamp'
  | 'missing-id'
  | 'malformed-id'
  | 'no-secret'
  | 'too-large'
  | 'mangled-body'
  | 'unusable-handshake'
  | 'contradicted-type'
  | 'method-not-allowed';

export interface Rejection {
  readonly kind: 'rejected';
  readonly reason: RejectionReason;
  /** One sentence for the operator: what was expected and what came. Never a secret, a signature or a body. */
  readonly explanation: string;
}

/** @example rejected('missing-signature', 'no x-hub-signature-256 header') */
export function rejected(reason: RejectionReason, explanation: string): Rejection {
  return { kind: 'rejected', reason, explanation };
}

/**
 * The HTTP status of a refusal. Never 404, 406 or 410: providers delete webhooks on those.
 * A source without a usable secret is our own trouble, so 503: providers that retry lose nothing.
 */
export function rejectionStatus(reason: RejectionReason): 400 | 401 | 405 | 413 | 503 {
  switch (reason) {
    case 'missing-signature':
    case 'malformed-signature':
    case 'wrong-signature':
    case 'missing-timestamp':
    case 'malformed-timestamp':
    case 'stale-timestamp':
    case 'future-timestamp':
    case 'missing-id':
    case 'malformed-id':
      return 401;
    case 'mangled-body':
    case 'unusable-handshake':
    case 'contradicted-type':
      return 400;
    case 'method-not-allowed':
      return 405;
    case 'too-large':
      return 413;
    case 'no-secret':
      return 503;
  }
}
