import { running } from './sandbox.ts';
import type { VirtualTime } from './virtual-time.ts';

/**
 * Plays with the timers of the simulation in the place of the real ones: a limit that real code sets to its calls ends when virtual
 * time says so, however slow this machine is. The real ones are back afterwards, whatever happens.
 */
export async function withVirtualTimers<T>(time: VirtualTime, play: () => Promise<T>): Promise<T> {
  const { setTimeout, clearTimeout } = globalThis;
  const set = (event: (...values: unknown[]) => void, ms = 0, ...values: unknown[]): (() => void) => {
    const owner = running.getStore();
    let isCleared = false;
    const end = (): void => {
      if (!isCleared) event(...values);
    };
    const takeBack = time.after(ms, () => (owner === undefined ? end() : owner.moved(end)));
    return () => {
      isCleared = true;
      takeBack();
    };
  };
  const clear = (timer: unknown): void => {
    if (typeof timer === 'function') timer();
    else clearTimeout(timer as NodeJS.Timeout);
  };
  Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  try {
    return await play();
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
  }
}
