import type { Cell, Condition, ConditionalWrite, Row, WriteAnswer } from './conditional-write.ts';
import type { Event, Standing } from './event.ts';
import type { DeadReason } from './report.ts';
import type { EpochMs } from './request.ts';
import { contentRow, eventRow } from './row-key.ts';

declare const claimToken: unique symbol;
/** Names one worker's hold on one event; never used twice. */
export type ClaimToken = string & { readonly [claimToken]: true };

/** One worker's hold on an event. */
export interface Claim {
  readonly token: ClaimToken;
  /** The worker's deadline plus a margin: no worker outlives its claim. */
  readonly leaseUntil: EpochMs;
  readonly now: EpochMs;
  readonly retentionSeconds: number;
}

/** Added to the invocation's deadline, so that a worker is surely dead when its lease ends. */
export const LEASE_MARGIN_MS = 5_000;

/** Why an event is given back, and what its row is to remember of it. */
export type ReleaseReason =
  | 'none'
  | 'publication-failed'
  /** The provider's API says something else than the event, since then (0: no more), or can't say how the resource stands. */
  | { readonly contradictedSince?: EpochMs; readonly doubtfulSince?: EpochMs };

export type ClaimDecision =
  | {
      readonly kind: 'claimed';
      /** How often its publication has failed. */
      readonly failedPublications: number;
      readonly contradictedSince?: EpochMs;
      readonly doubtfulSince?: EpochMs;
    }
  | Known
  | { readonly kind: 'busy'; readonly until: EpochMs }
  | { readonly kind: 'collision' };

/** An event that is out already: by this very delivery in an earlier invocation (`recorded`), or by another one. */
export type Known = { readonly kind: 'recorded' } | { readonly kind: 'duplicate' };

/**
 * The write that gives one worker an event. It passes when nobody has it:
 *
 *     no row ─ claimed ──────── lease ends ─ claimable ─ … ─ expires ─ claimable, whatever it was
 *                 └ published: a duplicate until it expires     dead: claimable (a redrive)
 *
 * Expiry is compared here, since DynamoDB deletes expired rows late. The same key with other content never passes.
 */
export function claimWrite(event: Event, claim: Claim): ConditionalWrite {
  const same: readonly Condition[] =
    event.origin === 'webhook' ? [{ kind: 'equal', name: 'fingerprint', value: event.fingerprint }] : [];
  return {
    key: eventRow(event.source, event.key),
    set: {
      state: 'claimed',
      token: claim.token,
      lease: claim.leaseUntil,
      fingerprint: event.fingerprint,
      delivery: event.delivery,
      expires: expiry(claim.now, claim.retentionSeconds),
    },
    remove: ['verdict', 'sequence', 'reason'],
    condition: {
      kind: 'any',
      of: [
        { kind: 'no-row' },
        expired(claim.now),
        {
          kind: 'all',
          of: [
            { kind: 'equal', name: 'state', value: 'claimed' },
            { kind: 'below', name: 'lease', value: claim.now },
            ...same,
          ],
        },
        { kind: 'all', of: [{ kind: 'equal', name: 'state', value: 'dead' }, ...same] },
      ],
    },
  };
}

/** What the ledger's answer to `claimWrite` means. A refusal by our own token is an answer that got lost on its way. */
export function decideClaim(event: Event, claim: Claim, answer: WriteAnswer): ClaimDecision {
  const { row } = answer;
  // Whoever stood in the way has gone since.
  if (row === undefined) return { kind: 'busy', until: claim.now };
  if (answer.kind === 'written' || row.token === claim.token) return { kind: 'claimed', ...memoryOf(row) };
  if (event.origin === 'webhook' && row.fingerprint !== event.fingerprint) return { kind: 'collision' };
  if (row.state === 'published') return publishedBy(event, row);
  return { kind: 'busy', until: number(row.lease) };
}

/** What the event's row proves without a claim: that this very content is published. A row that has expired proves nothing. */
export function decideKnown(event: Event, row: Row | undefined, now: EpochMs): Known | undefined {
  if (row?.state !== 'published' || row.fingerprint !== event.fingerprint) return undefined;
  return number(row.expires) >= seconds(now) ? publishedBy(event, row) : undefined;
}

function publishedBy(event: Event, row: Row): Known {
  return { kind: row.delivery === event.delivery ? 'recorded' : 'duplicate' };
}

/** After the topic has confirmed: only the claim's holder may say so. */
export function recordWrite(event: Event, claim: Claim, standing: Standing): ConditionalWrite {
  return {
    ...held(event, claim),
    set: {
      state: 'published',
      verdict: standing.verdict,
      expires: expiry(claim.now, claim.retentionSeconds),
      ...('sequence' in standing && standing.sequence !== undefined ? { sequence: standing.sequence } : {}),
    },
    remove: ['lease', ...MEMORY],
  };
}

/** After the dead-letter queue has confirmed. */
export function deadWrite(event: Event, claim: Claim, reason: DeadReason): ConditionalWrite {
  return { ...held(event, claim), set: { state: 'dead', reason }, remove: ['lease', ...MEMORY] };
}

/** Gives the event back, so that the next worker need not wait for the lease. */
export function releaseWrite(event: Event, claim: Claim, reason: ReleaseReason): ConditionalWrite {
  return {
    ...held(event, claim),
    set: { lease: 0, ...memoryFor(reason) },
    ...(reason === 'publication-failed' ? { add: { failures: 1 } } : {}),
  };
}

/** Binds what a replay keeps to the first event that brought it (design: ids that are not signed can be changed by whoever captured a request). */
export function contentWrite(event: Event, claim: Claim): ConditionalWrite | undefined {
  if (event.content === undefined) return undefined;
  return {
    key: contentRow(event.source, event.content),
    set: {
      first: event.key,
      id: event.id,
      fingerprint: event.fingerprint,
      expires: expiry(claim.now, claim.retentionSeconds),
    },
    condition: {
      kind: 'any',
      of: [{ kind: 'no-row' }, expired(claim.now), { kind: 'equal', name: 'first', value: event.key }],
    },
  };
}

/** `repeat`: the same came before under the id `of`. `forged`: what came then was another type, subject, time or content. */
export type ContentDecision =
  | { readonly kind: 'first' }
  | { readonly kind: 'repeat' | 'forged'; readonly of: string };

/** What the ledger's answer to `contentWrite` means. */
export function decideContent(event: Event, answer: WriteAnswer): ContentDecision {
  if (answer.kind === 'written') return { kind: 'first' };
  const kind = answer.row?.fingerprint === event.fingerprint ? 'repeat' : 'forged';
  return { kind, of: String(answer.row?.id ?? '') };
}

function held(event: Event, claim: Claim): Pick<ConditionalWrite, 'key' | 'condition'> {
  return {
    key: eventRow(event.source, event.key),
    condition: {
      kind: 'all',
      of: [
        { kind: 'equal', name: 'state', value: 'claimed' },
        { kind: 'equal', name: 'token', value: claim.token },
      ],
    },
  };
}

function expired(now: EpochMs): Condition {
  return { kind: 'below', name: 'expires', value: seconds(now) };
}

function expiry(now: EpochMs, retentionSeconds: number): number {
  return seconds(now) + retentionSeconds;
}

/** DynamoDB's TTL counts whole seconds. */
function seconds(now: EpochMs): number {
  return Math.floor(now / 1000);
}

/** What a row remembers of earlier attempts, until the event has ended. */
const MEMORY = ['failures', 'contradicted', 'doubtful'] as const;

function memoryFor(reason: ReleaseReason): Row {
  if (typeof reason === 'string') return {};
  const { contradictedSince, doubtfulSince } = reason;
  return {
    ...(contradictedSince === undefined ? {} : { contradicted: contradictedSince }),
    ...(doubtfulSince === undefined ? {} : { doubtful: doubtfulSince }),
  };
}

function memoryOf(row: Row): Omit<Extract<ClaimDecision, { kind: 'claimed' }>, 'kind'> {
  const { contradicted, doubtful } = row;
  return {
    failedPublications: number(row.failures),
    ...(typeof contradicted === 'number' && contradicted > 0 ? { contradictedSince: contradicted } : {}),
    ...(typeof doubtful === 'number' ? { doubtfulSince: doubtful } : {}),
  };
}

function number(cell: Cell | undefined): number {
  return typeof cell === 'number' ? cell : 0;
}
