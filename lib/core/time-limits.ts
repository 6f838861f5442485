import type { EpochMs } from './request.ts';

/**
 * The longest that each call takes in the ingest function, attempts and pauses included, in ms: by then its adapter has given up.
 * With a cold secret all three stay below the 3 s that the most impatient providers wait (Slack, Discord, SendGrid), so that a
 * delivery that is spilled is also acknowledged.
 */
export const INTAKE_LIMITS = { secrets: 800, queue: 1_000, objects: 900 } as const;

/** The same of the process function, in ms. `ledgerRead` is one read, however many calls it takes. */
export const PROCESS_LIMITS = {
  ledgerWrite: 2_000,
  ledgerRead: 4_000,
  topic: 3_000,
  queue: 2_000,
  objects: 3_000,
  secrets: 2_000,
  /** One call to a provider's API. */
  api: 5_000,
  /** All that reading one resource takes: permit, credentials, answer, and the same again where it has moved. */
  fetch: 6_000,
} as const;

export type IntakeLimits = Readonly<Record<keyof typeof INTAKE_LIMITS, number>>;
export type ProcessLimits = Readonly<Record<keyof typeof PROCESS_LIMITS, number>>;

const { ledgerWrite, ledgerRead, topic, queue, objects, fetch } = PROCESS_LIMITS;

/** For all that is no call. */
const OWN_MS = 1_000;

/** What comes last: copies of what waits, then hiding the rest. */
const POSTPONE_MS: number = 2 * queue + OWN_MS;
/** Before that: dead letters, and their rows. */
const FINISH_MS: number = queue + ledgerWrite + POSTPONE_MS;
/** A claim, and its content; then the place in the order. */
const CLAIM_MS: number = 2 * ledgerWrite;
/** A record has a second chance. */
const PUBLISH_MS: number = topic + 2 * ledgerWrite;

type TimedStep = 'chunk' | 'claim' | 'order' | 'fetch' | 'claimCheck' | 'publish' | 'tidy';

/**
 * What must be left of an invocation for a step to begin, in ms: its own calls and what has to come last, each at its limit. So no
 * call is under way when the function is killed, and nothing that was done goes unreported. A `chunk` has time for all its steps,
 * so that no claim is taken in vain.
 */
export const TIME_FOR: Readonly<Record<TimedStep, number>> = {
  chunk: CLAIM_MS + ledgerWrite + objects + PUBLISH_MS + FINISH_MS,
  claim: CLAIM_MS + FINISH_MS,
  order: ledgerWrite + FINISH_MS,
  // The subject's row and that of its last state, the answer, the commit; then the state has to be published.
  fetch: 2 * ledgerRead + fetch + ledgerWrite + PUBLISH_MS + FINISH_MS,
  claimCheck: objects + FINISH_MS,
  publish: PUBLISH_MS + FINISH_MS,
  tidy: ledgerWrite + POSTPONE_MS,
};

/** What an invocation needs to read its messages and bring a chunk of their events to an end, in ms. */
export const SHORTEST_INVOCATION_MS: number = objects + ledgerRead + TIME_FOR.chunk;

/** Whether a step may still begin. */
export function hasTimeFor(
  step: TimedStep,
  { deadline, now }: { readonly deadline: EpochMs; readonly now: () => EpochMs },
): boolean {
  return now() + TIME_FOR[step] <= deadline;
}
