import { clientSettings } from '../../../lib/aws/client-settings.ts';
import { type Attempt, fateOf } from './call-fates.ts';
import type { Sandbox } from './sandbox.ts';
import type { Stage } from './stage.ts';
import type { Weather } from './weather.ts';

/** One service of the simulated cloud: it does what a call asks for, at once and as a whole, or throws an error as the SDK would. */
export interface SimulatedService {
  readonly name: string;
  /** How long a call takes at most to get there, when nothing goes wrong. Default: as long as within a region. */
  readonly distanceMs?: number;
  /** What a call is about, for its name: `event#count#count-1.2`. */
  about(operation: string, input: unknown): string;
  answer(operation: string, input: unknown, attempt: Attempt): unknown;
}

export interface CloudWorld {
  readonly stage: Stage;
  readonly weather: Weather;
}

interface Command {
  readonly input: unknown;
}

/** How a client tries. */
export interface ClientPatience {
  readonly maxAttempts: number;
  /** Of one attempt. */
  readonly timeoutMs: number;
}

/** As our settings ask the AWS SDK for, where a call may take so many ms. */
export function awsPatience(limitMs: number): ClientPatience {
  const { maxAttempts, requestHandler } = clientSettings(limitMs);
  return { maxAttempts, timeoutMs: requestHandler.requestTimeout };
}

/**
 * Stands for a client in one process: so many attempts, each with its time limit, a pause between them. What goes wrong on the way is
 * decided for each attempt.
 */
export function simulatedClient<Client>(
  { stage, weather }: CloudWorld,
  sandbox: Sandbox,
  service: SimulatedService,
  { maxAttempts, timeoutMs }: ClientPatience,
): Client {
  const { distanceMs = 15 } = service;
  const send = (command: Command, options?: { readonly abortSignal: AbortSignal }): Promise<unknown> => {
    const operation = command.constructor.name.replace(/Command$/, '');
    const name = stage.nth(`${operation} ${service.about(operation, command.input)}`);
    const answer = sandbox.wait<unknown>();
    const begin = (number: number): void => {
      if (!sandbox.isAlive) return;
      const attemptName = number === 1 ? name : `${name}, again`;
      const attempt: Attempt = { name: attemptName, sandbox, answer: 'pending' };
      fateOf({ stage, weather, service: service.name, timeoutMs, distanceMs }, attempt, {
        isWaitedFor: () => options?.abortSignal.aborted !== true,
        work: () => service.answer(operation, command.input, attempt),
        resolve: answer.resolve,
        reject: answer.reject,
        retry: (error) => {
          if (number === maxAttempts || options?.abortSignal.aborted === true) return answer.reject(error);
          stage.time.after(stage.dice.between(0, 100, `${attemptName}: pause`), () => begin(number + 1));
        },
      });
    };
    begin(1);
    return answer.promise;
  };
  return { send, destroy: () => {} } as Client;
}
