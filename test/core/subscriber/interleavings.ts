import type { ConditionalWrite } from '../../../lib/core/conditional-write.ts';
import type { HeadgateEvent } from '../../../lib/core/subscriber/headgate-event.ts';
import type { HoldOptions } from '../../../lib/core/subscriber/hold.ts';
import { memoryStore } from '../../../lib/core/subscriber/memory-store.ts';
import type { SubscriberStore } from '../../../lib/core/subscriber/store.ts';
import { type Choose, gates } from './explore.ts';

/** What a subscriber does with one message; `work` is where its effects happen. */
type Subscriber = (
  store: SubscriberStore,
  event: HeadgateEvent,
  work: (event: HeadgateEvent) => Promise<void>,
  options: HoldOptions,
) => Promise<{ readonly kind: string }>;

/** What happened, in order. */
export type Happening =
  | { readonly kind: 'started' | 'ended'; readonly worker: number; readonly event: HeadgateEvent }
  | {
      readonly kind: 'outcome';
      readonly worker: number;
      readonly event: HeadgateEvent;
      readonly outcome: string;
    };

export interface Scenario {
  readonly subscriber: Subscriber;
  /** One message each, in flight at the same time. */
  readonly messages: readonly HeadgateEvent[];
  /** Breaks the store in some way, to prove that the check would see it. */
  readonly plant?: (write: ConditionalWrite) => ConditionalWrite;
}

const NOW = 1_795_170_000_000;
const HOUR = 3_600_000;

/**
 * Plays one order of the steps in which the workers can run: each write and each side of the work is a step. One worker may
 * crash before any of its steps, and between a write and its answer; the clock then passes its lease (and no other), and its
 * message comes again. What was busy comes again when all others have ended.
 */
export async function play(scenario: Scenario, choose: Choose): Promise<readonly Happening[]> {
  const happened: Happening[] = [];
  const gate = gates();
  // The last possibility: nobody crashes.
  const mortal = choose(scenario.messages.length + 1);
  let now = NOW;
  const memory = memoryStore({ subscriber: 'test', now: () => now });
  const storeOf = (worker: number): SubscriberStore => ({
    ...memory,
    async write(write) {
      await gate.pass(worker);
      const answer = await memory.write(scenario.plant?.(write) ?? write);
      if (worker === mortal) await gate.pass(worker);
      return answer;
    },
  });
  const queue = [...scenario.messages];
  const inFlight = new Map<number, HeadgateEvent>();
  let workers = 0;
  const start = (event: HeadgateEvent, deadline: number): void => {
    const worker = workers++;
    inFlight.set(worker, event);
    const work = async (): Promise<void> => {
      happened.push({ kind: 'started', worker, event });
      await gate.pass(worker);
      happened.push({ kind: 'ended', worker, event });
    };
    void scenario.subscriber(storeOf(worker), event, work, { deadline }).then(({ kind: outcome }) => {
      happened.push({ kind: 'outcome', worker, event, outcome });
      inFlight.delete(worker);
      if (outcome === 'busy') queue.push(event);
    });
  };
  for (const [worker, event] of queue.splice(0).entries())
    start(event, NOW + (worker === mortal ? 1 : 10) * HOUR);

  const step = (worker: number): void => {
    if (worker !== mortal || choose(2) === 0) {
      gate.open(worker);
      return;
    }
    gate.crash(worker);
    now = NOW + 2 * HOUR;
    start(inFlight.get(worker) as HeadgateEvent, NOW + 10 * HOUR);
  };
  for (;;) {
    const waiting = await gate.waiting();
    if (waiting.length > 0) {
      step(waiting[choose(waiting.length)] as number);
      continue;
    }
    const event = queue.shift();
    if (event === undefined) return happened;
    if (workers > 20) throw new Error('a message comes again and again');
    now += 20 * HOUR;
    start(event, now + HOUR);
  }
}
