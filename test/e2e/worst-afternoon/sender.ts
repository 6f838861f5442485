import { Agent } from 'node:http';
import type { Sent, Volley } from './plan.ts';
import { type Answer, post } from './post.ts';
import type { Call } from './signer.ts';

/** One delivery and what it was answered, each time it was sent. */
export interface Attempted {
  readonly sent: Sent;
  readonly answers: readonly Answer[];
}

export interface SenderOptions {
  /** Signs anew at every attempt, as providers do. */
  readonly call: (sent: Sent) => Call;
  /** `once`: whoever sends it never tries again. */
  readonly habits: (sent: Sent) => { readonly timeoutMs: number; readonly tries: 'once' | 'until-answered' };
  /** Where the receiver listens; waits while it is down. */
  readonly url: () => Promise<string>;
  /** Told after each answer how many deliveries have been answered. */
  readonly onAnswer: (answered: number) => void;
}

/** Volleys under way at once. */
const LANES = 24;

/** A receiver that never answers is not worth more. */
const MOST_TRIES = 40;

/** Sends all volleys; what nobody answered, or what was answered with 5xx, comes again later. */
export async function sendAll(
  volleys: readonly Volley[],
  options: SenderOptions,
): Promise<readonly Attempted[]> {
  const agent = new Agent({ keepAlive: true });
  const queue = [...volleys];
  const answers = new Map<Sent, Answer[]>();
  let answered = 0;
  const send = async (sent: Sent): Promise<void> => {
    const { timeoutMs, tries } = options.habits(sent);
    const answer = await post(await options.url(), options.call(sent), { agent, timeoutMs });
    const all = [...(answers.get(sent) ?? []), answer];
    answers.set(sent, all);
    if (answer.kind === 'answered' && answer.status < 500) {
      answered += 1;
      options.onAnswer(answered);
    } else if (tries === 'until-answered') {
      if (all.length === MOST_TRIES)
        throw new Error(`no answer in ${MOST_TRIES} tries: ${JSON.stringify(all)}`);
      queue.push([sent]);
    }
  };
  const lane = async (): Promise<void> => {
    for (let volley = queue.shift(); volley !== undefined; volley = queue.shift()) {
      await Promise.all(volley.map(send));
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
  } finally {
    agent.destroy();
  }
  return [...answers].map(([sent, all]) => ({ sent, answers: all }));
}
