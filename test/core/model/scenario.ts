import type { DeliveryId } from '../../../lib/core/delivery.ts';
import type { Digest, Event, EventKey, Subject, Version } from '../../../lib/core/event.ts';
import type { EpochMs } from '../../../lib/core/request.ts';
import type { SourceName } from '../../../lib/core/source.ts';

/** When every scenario begins. */
export const START: EpochMs = 1_795_000_000_000;

/** How long a worker may live, in ms. */
export const LIFE_MS = 40_000;

/** What the world does to one event, and what is true of it although no worker can know it. */
export interface ModelEvent {
  readonly name: string;
  readonly event: Event;
  /** The true order of the states of its subject; a tie in `version` hides it. */
  readonly truth: number;
  /** How far the clock of whoever orders it is off, in microseconds. */
  readonly skew: number;
}

export interface Scenario {
  readonly title: string;
  readonly events: readonly ModelEvent[];
  /** Deliveries: which event each brings, and from when on it is in the queue, in ms from the start. */
  readonly copies: readonly { readonly event: number; readonly arrives: number }[];
  /** Moments to which time can go, in ms from the start. */
  readonly times: readonly number[];
  readonly workers: number;
  readonly retentionSeconds: number;
  /** How often each may happen in one run. */
  readonly budget: Budget;
}

export interface Budget {
  /** A worker ends, in the middle of a call or between two, or because it reaches its deadline. */
  readonly crashes: number;
  /** A call fails, or does its work and the answer is lost (repeated by the client, or given up). */
  readonly faults: number;
  /** The topic refuses a message for good. */
  readonly refusals: number;
  /** A dead letter is put back. */
  readonly redrives: number;
}

export const CALM: Budget = { crashes: 0, faults: 0, refusals: 0, redrives: 0 };

export interface EventTraits {
  readonly name: string;
  /** Default: the name. */
  readonly key?: string;
  /** Default `s`; undefined for an event that is about no resource. */
  readonly subject?: string | undefined;
  readonly version?: number;
  /** When it happened, in ms from the start. */
  readonly time?: number;
  readonly truth?: number;
  readonly skew?: number;
  /** Two events with the same have what a replay keeps in common. */
  readonly content?: string;
  /** What such events say; two that say different things can't both be genuine. */
  readonly text?: string;
}

/** @example modelEvent({ name: 'a', version: 1 }) // the first state of the subject s */
export function modelEvent(traits: EventTraits): ModelEvent {
  const { name, key = name, version, time, truth = version ?? 0, skew = 0, content, text = 'one' } = traits;
  const subject = 'subject' in traits ? traits.subject : 's';
  const event: Event = {
    source: 'model' as SourceName,
    key: key as EventKey,
    id: key,
    type: 'changed',
    ...(subject === undefined ? {} : { subject: subject as Subject }),
    ...(version === undefined ? {} : { version: String(version).padStart(20, '0') as Version }),
    ...(time === undefined ? {} : { time: START + time }),
    payload: { kind: 'json', text: '{}' },
    fingerprint: `fingerprint of ${content === undefined ? name : text}` as Digest,
    ...(content === undefined ? {} : { content: content as Digest }),
    delivery: `delivery of ${name}` as DeliveryId,
    origin: 'webhook',
    receivedAt: START,
  };
  return { name, event, truth, skew };
}

/** So many copies of each event, all in the queue from the start. */
export function copiesOf(events: readonly ModelEvent[], counts: readonly number[]): Scenario['copies'] {
  return events.flatMap((_, event) =>
    Array.from({ length: counts[event] ?? 1 }, () => ({ event, arrives: 0 })),
  );
}
