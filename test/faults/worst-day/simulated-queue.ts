import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { EpochMs } from '../../../lib/core/request.ts';
import type { Stage } from './stage.ts';

/** What is put on a queue. */
export interface Letter {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttributeValue>>;
  /** FIFO: in order within it, and one at a time. */
  readonly group?: string;
}

export interface QueuedLetter extends Letter {
  readonly id: string;
  receives: number;
  /** Of its last receive; a queue knows a message by no other. */
  receipt: string;
}

export interface SimulatedQueue {
  readonly name: string;
  /** @param name what it is called in the story; the queue adds how many of them there were. */
  send(name: string, letter: Letter, delaySeconds?: number): void;
  receive(most: number): readonly QueuedLetter[];
  /** @returns whether it was still there, by that receipt. */
  remove(receipt: string): boolean;
  /** @returns whether it was hidden, by that receipt. */
  hide(receipt: string, seconds: number): boolean;
  /** Told whenever something can be received. */
  onVisible(listener: () => void): void;
  /** All that lies on it, seen or unseen. */
  letters(): readonly QueuedLetter[];
}

export interface QueueOptions {
  readonly name: string;
  readonly kind: 'standard' | 'fifo';
  readonly visibilitySeconds: number;
  /** What comes back more often goes elsewhere. */
  readonly redrive?: { readonly maxReceiveCount: number; readonly to: (letter: QueuedLetter) => void };
}

interface Place extends QueuedLetter {
  readonly order: number;
  visibleAt: EpochMs;
}

/** At-least-once, in any order (`standard`), or in the order of its groups (`fifo`). */
export function simulatedQueue(stage: Stage, options: QueueOptions): SimulatedQueue {
  const { time, dice, faults, story } = stage;
  const places = new Map<string, Place>();
  const listeners: (() => void)[] = [];
  let order = 0;

  const show = (place: Place): void => {
    time.at(place.visibleAt, () => {
      if (places.get(place.id) === place && place.visibleAt <= time.now())
        for (const listener of listeners) listener();
    });
  };
  const visible = (): readonly Place[] => {
    const now = time.now();
    const held = new Set<string | undefined>();
    const seen: Place[] = [];
    for (const place of places.values()) {
      const waits = place.visibleAt > now;
      if (options.kind === 'fifo') {
        if (!waits && !held.has(place.group)) seen.push(place);
        held.add(place.group);
      } else if (!waits) seen.push(place);
    }
    if (options.kind === 'fifo') return seen;
    const rolls = new Map(seen.map((place) => [place, dice.roll(`${place.id}, receive ${place.receives}`)]));
    return seen.sort((a, b) => (rolls.get(a) ?? 0) - (rolls.get(b) ?? 0));
  };
  const byReceipt = (receipt: string): Place | undefined => {
    const place = places.get(receipt.slice(0, receipt.lastIndexOf('#')));
    return place?.receipt === receipt ? place : undefined;
  };
  const isDone = (place: Place): boolean => {
    const { redrive } = options;
    if (redrive === undefined || place.receives < redrive.maxReceiveCount) return false;
    places.delete(place.id);
    redrive.to(place);
    return true;
  };

  return {
    name: options.name,
    send(name, letter, delaySeconds = 0) {
      const id = stage.nth(`${options.name}:${name}`);
      const place = {
        ...letter,
        id,
        receives: 0,
        receipt: '',
        order,
        visibleAt: time.now() + delaySeconds * 1000,
      };
      order += 1;
      places.set(id, place);
      show(place);
    },
    receive(most) {
      const batch: Place[] = [];
      for (const place of visible()) {
        if (batch.length === most) break;
        if (isDone(place)) continue;
        place.receives += 1;
        place.receipt = `${place.id}#${place.receives}`;
        place.visibleAt = time.now() + options.visibilitySeconds * 1000;
        show(place);
        batch.push(place);
        if (
          options.kind === 'standard' &&
          faults.happens(`${place.receipt} is handed out twice`, stage.temper.doubles / 4)
        ) {
          place.visibleAt = time.now() + 5;
          show(place);
        }
      }
      return batch.map((place) => ({ ...place }));
    },
    remove(receipt) {
      const place = byReceipt(receipt);
      if (place === undefined) return false;
      places.delete(place.id);
      story.tell(() => `  ${receipt} is deleted`);
      return true;
    },
    hide(receipt, seconds) {
      const place = byReceipt(receipt);
      if (place === undefined || place.visibleAt <= time.now()) return false;
      place.visibleAt = time.now() + seconds * 1000;
      show(place);
      return true;
    },
    onVisible: (listener) => listeners.push(listener),
    letters: () => [...places.values()],
  };
}
