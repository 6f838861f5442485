import { METADATA_ATTRIBUTE, REASON_ATTRIBUTE } from '../../../lib/core/delivery.ts';
import type { Call } from './gateway.ts';
import type { PublishedEvent } from './published-event.ts';
import type { Letter, QueuedLetter, SimulatedQueue } from './simulated-queue.ts';
import type { Stage } from './stage.ts';

/** P2: nothing accepted is lost. Each event of what was acknowledged is published in the end, or dead with a reason. */
export interface AccountsAudit {
  /** A request is on its way. */
  arrived(call: Call): void;
  answered(call: Call, status: number): void;
  published(event: PublishedEvent): void;
  /** The processor says that a message is done. */
  deleted(letter: QueuedLetter): void;
  /** @param by who sent it there: the processor says why, the queue itself has counted its receives. */
  died(letter: Letter, by: 'processor' | 'queue'): void;
  /** A dead letter is put back. */
  redriven(letter: Letter): void;
  isPublished(key: string): boolean;
  isDead(key: string): boolean;
  wasAcknowledged(key: string): boolean;
  atEnd(): void;
}

export function auditAccounts(stage: Stage, queue: SimulatedQueue): AccountsAudit {
  /** Keys of the events of each request that is on its way. */
  const carried = new Map<string, readonly string[]>();
  const acknowledged = new Set<string>();
  const published = new Set<string>();
  const dead = new Map<string, number>();
  const broken = (words: string, key: string): void =>
    stage.broken({ promise: 'P2', words, about: [key.split(' ')[1] ?? key] });
  const count = (letter: Letter, by: number): void => {
    for (const key of carried.get(deliveryOf(letter)) ?? []) dead.set(key, (dead.get(key) ?? 0) + by);
  };
  const isAccounted = (key: string): boolean => published.has(key) || (dead.get(key) ?? 0) > 0;

  return {
    arrived: (call) => void carried.set(call.name, keysOf(call)),
    answered(call, status) {
      if (status >= 200 && status < 300) for (const key of keysOf(call)) acknowledged.add(key);
    },
    published: ({ key }) => void published.add(key),
    deleted(letter) {
      const delivery = deliveryOf(letter);
      const isWaiting = queue.letters().some((other) => deliveryOf(other) === delivery);
      if (isWaiting) return;
      for (const key of carried.get(delivery) ?? []) {
        if (!isAccounted(key))
          broken(`${letter.id} is deleted, and ${key} is neither published nor dead`, key);
      }
    },
    died(letter, by) {
      count(letter, 1);
      const reason = letter.attributes?.[REASON_ATTRIBUTE]?.StringValue ?? '';
      if (by === 'processor' && reason === '')
        broken(`${deliveryOf(letter)} is dead without a reason`, deliveryOf(letter));
      stage.story.tell(
        () => `  ${deliveryOf(letter)} is dead: ${by === 'processor' ? reason : 'received too often'}`,
      );
    },
    redriven: (letter) => count(letter, -1),
    isPublished: (key) => published.has(key),
    isDead: (key) => (dead.get(key) ?? 0) > 0,
    wasAcknowledged: (key) => acknowledged.has(key),
    atEnd() {
      for (const key of acknowledged)
        if (!isAccounted(key)) broken(`${key} was acknowledged, and is neither published nor dead`, key);
    },
  };
}

function keysOf({ from }: Call): readonly string[] {
  switch (from.kind) {
    case 'provider':
      return from.delivery.events.map(({ kind, id }) => `${kind.name} ${id}`);
    case 'relabeller':
      return [`${from.of.kind.name} ${from.id}`];
    case 'forger':
      return [];
  }
}

/** The request's name is the delivery's id. */
function deliveryOf({ attributes }: Letter): string {
  return /"id":"([^"]*)"/.exec(attributes?.[METADATA_ATTRIBUTE]?.StringValue ?? '')?.[1] ?? '';
}
