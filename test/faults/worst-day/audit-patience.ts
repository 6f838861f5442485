import type { Reconcile } from '../../../lib/core/source.ts';
import type { PublishedEvent } from './published-event.ts';
import type { Stage } from './stage.ts';
import type { Thing } from './things.ts';

/** The default of sources; the clocks of two processes differ by less than the margin. */
const PATIENCE_MS = 3_600_000;
const MARGIN_MS = 5_000;

/** Where providers are asked, nothing is published `unconfirmed` before patience is over. */
export interface PatienceAudit {
  published(event: PublishedEvent): void;
  /** Whether one of its events was published without asking any longer. */
  isOver(thing: Thing): boolean;
}

export function auditPatience(stage: Stage, reconcile: Reconcile): PatienceAudit {
  const over = new Set<string | undefined>();
  return {
    published({ id, verdict, subject, receivedtime }) {
      if (reconcile === 'off' || verdict !== 'unconfirmed') return;
      over.add(subject);
      const waited = stage.time.now() - Date.parse(receivedtime);
      if (waited >= PATIENCE_MS - MARGIN_MS) return;
      const words = `${id} is unconfirmed after ${Math.round(waited / 1000)} s`;
      stage.broken({ promise: 'end', words, about: [id] });
    },
    isOver: ({ subject }) => over.has(subject),
  };
}
