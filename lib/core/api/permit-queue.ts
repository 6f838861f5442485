import { InfrastructureError } from '../errors.ts';
import type { EpochMs } from '../request.ts';
import { type Unknown, unknown } from './api-answer.ts';
import type { ReconciledSource } from './api-request.ts';
import { drawPermits, type NoPermit, type Permit } from './draw-permits.ts';
import type { KnownRow } from './known-row.ts';

/** Other workers may be quicker so often; then it has to wait. */
const ATTEMPTS = 6;

interface Waiting {
  readonly resolve: (permit: Permit | Unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Permits for one source, one by one; those asked for at about the same time are drawn together, so that a batch costs one read and one
 * write.
 */
export function permitQueue(
  source: ReconciledSource,
  row: KnownRow,
  { now, random }: { readonly now: () => EpochMs; readonly random: () => number },
): () => Promise<Permit | Unknown> {
  const waiting: Waiting[] = [];
  let isDrawing = false;

  function handOut(permits: readonly Permit[]): void {
    const served = waiting.splice(0, permits.length);
    for (const [index, permit] of permits.entries()) served[index]?.resolve(permit);
  }

  function turnAway({ until, eachMs, cause }: Omit<NoPermit, 'kind'>): void {
    for (const [index, { resolve }] of waiting.splice(0).entries()) {
      const seconds = Math.max(0, until - now() + index * eachMs) / 1000;
      // Workers that were told to wait for the same are not to come back at the same time.
      resolve(unknown('no-permit', cause, Math.max(1, Math.ceil(seconds * (1 + random() / 4)))));
    }
  }

  /** For all that wait by the time that the row is read: to write at once would save the read, and cost more writes. */
  async function draw(): Promise<void> {
    let seen = await row.read();
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { rate } = source.reconcile;
      const draw = drawPermits(source.name, seen, { wanted: waiting.length, rate, now: now() });
      if (draw.kind === 'wait') return turnAway(draw);
      const answer = await row.write(draw.write);
      if (answer.kind === 'written') return handOut(draw.permits);
      seen = answer.row;
    }
    turnAway({ until: now(), eachMs: 0, cause: 'other workers drew all permits meanwhile' });
  }

  function fail(error: unknown): void {
    for (const { resolve, reject } of waiting.splice(0)) {
      if (error instanceof InfrastructureError) resolve(unknown('infrastructure', error.message));
      else reject(error);
    }
  }

  async function drawAll(): Promise<void> {
    isDrawing = true;
    while (waiting.length > 0) await draw().catch(fail);
    isDrawing = false;
  }

  return () => {
    const { promise, resolve, reject } = Promise.withResolvers<Permit | Unknown>();
    waiting.push({ resolve, reject });
    if (!isDrawing) void drawAll();
    return promise;
  };
}
