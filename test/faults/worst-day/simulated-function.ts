import type { Context } from 'aws-lambda';
import { lambdaContext } from '../../../lib/local/lambda-context.ts';
import { running as current, openSandbox, type Sandbox } from './sandbox.ts';
import type { Stage } from './stage.ts';

/** A function of the cloud: its processes take one invocation at a time, and are used again until they die. */
export interface SimulatedFunction<In, Out> {
  /** How many invocations are under way. */
  readonly busy: number;
  /** @param about names the invocation. */
  invoke(event: In, about: string, end: (ended: Ended<Out>) => void): void;
  /** After the day. */
  bury(): Promise<void>;
}

/** `cut`: the process died, or ran past its time. */
type Ended<Out> = { readonly kind: 'answered'; readonly answer: Out } | { readonly kind: 'cut' };

type Handler<In, Out> = (event: In, context: Context) => Promise<Out>;

export interface FunctionOptions<In, Out> {
  readonly name: string;
  readonly timeoutSeconds: number;
  /** What a new process does before its first invocation. */
  readonly open: (sandbox: Sandbox) => Handler<In, Out>;
}

interface Process<In, Out> {
  readonly sandbox: Sandbox;
  readonly handler: Handler<In, Out>;
  /** Ends the invocation that is under way. */
  cut: () => void;
}

export function simulatedFunction<In, Out>(
  stage: Stage,
  { name, timeoutSeconds, open }: FunctionOptions<In, Out>,
): SimulatedFunction<In, Out> {
  const { time, dice, faults, temper, story } = stage;
  const timeoutMs = timeoutSeconds * 1000;
  const idle: Process<In, Out>[] = [];
  const all: Sandbox[] = [];
  const running = new Set<Promise<unknown>>();
  let busy = 0;

  const start = (): Process<In, Out> => {
    const sandbox = openSandbox(stage, `${name} ${all.length + 1}`);
    all.push(sandbox);
    const process = { sandbox, handler: open(sandbox), cut: () => {} };
    sandbox.onDeath(() => process.cut());
    return process;
  };

  const run = (
    process: Process<In, Out>,
    event: In,
    about: string,
    end: (ended: Ended<Out>) => void,
  ): void => {
    const { sandbox, handler } = process;
    const finish = (ended: Ended<Out>): void => {
      stopClock();
      process.cut = () => {};
      busy -= 1;
      if (sandbox.isAlive && !faults.happens(`${name} ends a process after ${about}`, 0.05))
        idle.push(process);
      end(ended);
    };
    process.cut = () => finish({ kind: 'cut' });
    const stopClock = time.after(timeoutMs, () => sandbox.die('runs past its time and is ended'));
    story.tell(() => `${sandbox.name} begins ${about}`);
    const context = lambdaContext({ name, timeoutMs }, sandbox.now);
    const done = current
      .run(sandbox, () => handler(event, context))
      .then(
        (answer) => {
          if (!sandbox.isAlive) return;
          if (faults.happens(`${name} dies at the end of ${about}`, temper.deaths / 2))
            return sandbox.die('dies');
          finish({ kind: 'answered', answer });
        },
        (error: unknown) => {
          if (!sandbox.isAlive) return;
          const words = `${name} throws: ${error instanceof Error ? error.stack : String(error)}`;
          stage.broken({ promise: 'bug', words, about: [about] });
          sandbox.die('throws');
        },
      );
    running.add(done);
    void done.finally(() => running.delete(done));
  };

  return {
    get busy() {
      return busy;
    },
    invoke(event, about, end) {
      busy += 1;
      const warm = idle.pop();
      if (warm !== undefined) return run(warm, event, about, end);
      time.after(dice.between(80, 400, `cold start for ${about}`), () => run(start(), event, about, end));
    },
    async bury() {
      for (const sandbox of all) sandbox.bury();
      while (running.size > 0) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
