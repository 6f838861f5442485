import { AsyncLocalStorage } from 'node:async_hooks';
import type { EpochMs } from '../../../lib/core/request.ts';
import type { Stage } from './stage.ts';

/** One process of a function. It can die at any moment: then nothing is heard of it any more, nor does it hear anything. */
export interface Sandbox {
  /** `process 3`. */
  readonly name: string;
  /** Its own clock, a little off. */
  readonly now: () => EpochMs;
  readonly isAlive: boolean;
  die(how: string): void;
  onDeath(listener: () => void): void;
  /** For so long it does nothing, hears nothing, and none of its timers ends. Its time goes on. */
  standStill(ms: number): void;
  /** Lets something happen in it as soon as it moves. */
  moved(event: () => void): void;
  /** Something to wait for. Settled after the death of the process, it is not heard. */
  wait<T>(): Waiting<T>;
  /** After the day: whatever still waits fails, so that its code comes to an end. */
  bury(): void;
}

interface Waiting<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

/** Whose code is running, so that a timer is its process's own. */
export const running: AsyncLocalStorage<Sandbox> = new AsyncLocalStorage();

/** The clocks of two processes differ by at most twice as much; a lease has a margin of 5 s for that. */
const CLOCK_SKEW_MS = 1_500;

export function openSandbox(stage: Stage, name: string): Sandbox {
  const skew = Math.round(stage.dice.between(-CLOCK_SKEW_MS, CLOCK_SKEW_MS, `clock of ${name}`));
  const listeners: (() => void)[] = [];
  const waiting = new Set<(error: Error) => void>();
  let isAlive = true;
  let isBuried = false;
  let stillUntil = 0;
  const moved = (event: () => void): void => {
    if (stage.time.now() >= stillUntil) event();
    else stage.time.at(stillUntil, () => moved(event));
  };
  return {
    name,
    now: () => stage.time.now() + skew,
    get isAlive() {
      return isAlive;
    },
    die(how) {
      if (!isAlive) return;
      isAlive = false;
      stage.story.tell(() => `${name} ${how}`);
      for (const listener of listeners) listener();
    },
    onDeath: (listener) => listeners.push(listener),
    standStill(ms) {
      stillUntil = Math.max(stillUntil, Math.ceil(stage.time.now() + ms));
      stage.story.tell(() => `${name} stands still for ${Math.round(ms / 1000)} s`);
    },
    moved,
    wait<T>() {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      if (isBuried) reject(new Error(`${name} is no more`));
      else waiting.add(reject);
      const settle = (how: () => void): void => {
        if (!isAlive) return;
        waiting.delete(reject);
        how();
      };
      return {
        promise,
        resolve: (value: T) => settle(() => resolve(value)),
        reject: (error) => settle(() => reject(error)),
      };
    },
    bury() {
      isAlive = false;
      isBuried = true;
      for (const reject of waiting) reject(new Error(`${name} is no more`));
      waiting.clear();
    },
  };
}

/** Of a process: if it dies meanwhile, it never goes on. */
export function pause(stage: Stage, sandbox: Sandbox, ms: number): Promise<void> {
  const over = sandbox.wait<void>();
  stage.time.after(ms, () => sandbox.moved(() => over.resolve()));
  return over.promise;
}
