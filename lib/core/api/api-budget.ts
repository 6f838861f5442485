import { InfrastructureError } from '../errors.ts';
import type { Ledger } from '../ports.ts';
import type { EpochMs } from '../request.ts';
import type { Unknown } from './api-answer.ts';
import type { ReconciledSource } from './api-request.ts';
import type { Permit } from './draw-permits.ts';
import { hasRead, type KindRead } from './kind-read.ts';
import { type KnownRow, knownRow } from './known-row.ts';
import { type Noted, noteSigns } from './note-signs.ts';
import { permitQueue } from './permit-queue.ts';

/** What a source may ask of its provider's API: one budget for all workers, in the ledger. */
export interface ApiBudget {
  /** A permit, or why there is none. */
  permit(): Promise<Permit | Unknown>;
  /** Tells the other workers what an answer says of the provider. */
  note(noted: Noted): Promise<void>;
  /** Whether the key has read a resource of this kind, as far as the row was known when the last permit was drawn. */
  hasRead(read: KindRead): boolean;
}

export interface BudgetPorts {
  readonly ledger: Ledger;
  readonly now: () => EpochMs;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export function apiBudget(source: ReconciledSource, ports: BudgetPorts): ApiBudget {
  const row = knownRow(source.name, ports.ledger);
  let noting: Promise<unknown> = Promise.resolve();
  return {
    permit: permitQueue(source, row, ports),
    note(noted) {
      // One after the other: of a batch that fails, five open the circuit and the others have nothing to add.
      const done = noting.then(() => writeNote(source, row, noted, ports.now));
      noting = done.catch(() => undefined);
      return done;
    },
    hasRead: (read) => hasRead(row.last(), read),
  };
}

/** Other workers may be quicker so often; then they have noted enough. */
const ATTEMPTS = 6;

async function writeNote(
  source: ReconciledSource,
  row: KnownRow,
  noted: Noted,
  now: () => EpochMs,
): Promise<void> {
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const write = noteSigns(source.name, row.last(), noted, now());
      if (write === undefined || (await row.write(write)).kind === 'written') return;
    }
  } catch (error) {
    // What the provider said of the resource stands all the same, and a probe that is not noted ends by itself.
    if (!(error instanceof InfrastructureError)) throw error;
  }
}
