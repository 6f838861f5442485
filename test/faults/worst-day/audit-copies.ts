import type { EpochMs } from '../../../lib/core/request.ts';
import type { Attempt } from './call-fates.ts';
import type { PublishedEvent } from './published-event.ts';
import type { Sandbox } from './sandbox.ts';
import type { Stage } from './stage.ts';

/** P3: an event is published once; a copy only after a crash, or where nobody could know that it was out. */
export interface CopiesAudit {
  published(event: PublishedEvent, attempt: Attempt, said: 'published' | 'failed'): void;
  /** What became of the note that an event is out: the ledger has answered, or it has not. */
  recorded(key: string, by: Sandbox, note: 'answered' | 'failed'): void;
  atEnd(): void;
}

interface Publication {
  readonly event: PublishedEvent;
  readonly attempt: Attempt;
  readonly said: 'published' | 'failed';
  readonly at: EpochMs;
  /** Grows when what was known of the event has expired. */
  readonly epoch: number;
  note: 'none' | 'answered' | 'failed once' | 'failed';
}

/** @param retentionSeconds how long the ledger knows what is out. */
export function auditCopies(stage: Stage, retentionSeconds: number): CopiesAudit {
  const all = new Map<string, Publication[]>();

  /** Whether its worker was to know that it is out, and to see to it that others do. */
  const isClean = ({ attempt, said, note }: Publication): boolean =>
    said === 'published' && attempt.answer === 'heard' && note === 'answered';

  const check = (
    key: string,
    publications: readonly Publication[],
    test: (one: Publication) => boolean,
  ): void => {
    const clean = publications.filter(test);
    const again = clean.find((one, index) => clean.findIndex(({ epoch }) => epoch === one.epoch) < index);
    if (again === undefined) return;
    const by = clean.map(({ attempt }) => `${attempt.sandbox.name} (${attempt.name})`).join(' and by ');
    const words = `${key} is published by ${by}; none of them died, and each could know it`;
    stage.broken({ promise: 'P3', words, about: [again.event.id] });
  };

  return {
    published(event, attempt, said) {
      const publications = all.get(event.key) ?? [];
      all.set(event.key, publications);
      const last = publications.at(-1);
      const expired = last !== undefined && stage.time.now() - last.at > (retentionSeconds - 60) * 1000;
      const epoch = (last?.epoch ?? 0) + Number(expired);
      publications.push({ event, attempt, said, at: stage.time.now(), epoch, note: 'none' });
    },
    recorded(key, by, note) {
      const publications = all.get(key) ?? [];
      for (const one of publications) {
        if (one.attempt.sandbox !== by || one.note === 'answered' || one.note === 'failed') continue;
        if (note === 'answered') one.note = 'answered';
        else one.note = one.note === 'none' ? 'failed once' : 'failed';
      }
      check(key, publications, isClean);
    },
    atEnd() {
      // One whose worker lived on and never noted it has no excuse either.
      const forgot = (one: Publication): boolean =>
        one.note === 'none' &&
        one.said === 'published' &&
        one.attempt.answer === 'heard' &&
        one.attempt.sandbox.isAlive;
      for (const [key, publications] of all) check(key, publications, (one) => isClean(one) || forgot(one));
    },
  };
}
