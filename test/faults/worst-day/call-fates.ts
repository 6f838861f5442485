import type { Odds } from './chances.ts';
import type { Sandbox } from './sandbox.ts';
import type { Stage } from './stage.ts';
import type { OutageKind, Weather } from './weather.ts';

/** One attempt of a call, as the other side sees it. */
export interface Attempt {
  readonly name: string;
  readonly sandbox: Sandbox;
  /** Whether whoever called has had the answer. */
  answer: 'pending' | 'heard' | 'unheard';
}

/** How an attempt goes on. */
export interface Outcomes {
  /** Whether the one who called has not given it up. */
  isWaitedFor(): boolean;
  /** What the other side does; it throws the error that it answers with. */
  work(): unknown;
  resolve(output: unknown): void;
  reject(error: Error): void;
  /** An error after which the client tries again, if it may. */
  retry(error: Error): void;
}

export interface CallConditions {
  readonly stage: Stage;
  readonly weather: Weather;
  readonly service: string;
  /** When the client gives an attempt up. */
  readonly timeoutMs: number;
  /** How long a call takes at most to get there; mostly much less. */
  readonly distanceMs: number;
}

export const FATES = [
  'fails',
  'is throttled',
  'is refused',
  'gets lost',
  'is done, but its answer gets lost',
  'is done late, when nobody waits any more',
  'is slow',
  'is answered, but its process stands still',
  'is not made, since its process dies',
  'is done, and its process dies',
] as const;
type Fate = (typeof FATES)[number];

/** Of what goes wrong with calls and not with processes. */
const SHARES: Odds<Fate> = [
  ['fails', 0.2],
  ['is throttled', 0.1],
  ['gets lost', 0.15],
  ['is done, but its answer gets lost', 0.25],
  ['is done late, when nobody waits any more', 0.15],
  ['is slow', 0.15],
];

/** What an outage does to a call; the rest passes. */
const IN_OUTAGE: Readonly<Record<OutageKind, Odds<Fate>>> = {
  down: [
    ['fails', 0.5],
    ['gets lost', 0.25],
    ['is done, but its answer gets lost', 0.1],
    ['is done late, when nobody waits any more', 0.05],
    ['is slow', 0.05],
  ],
  throttling: [['is throttled', 0.8]],
  locked: [['is refused', 1]],
};

const tables = new Map<string, Odds<Fate>>();

function oddsOf({ temper }: Stage): Odds<Fate> {
  const key = `${temper.calls} ${temper.deaths}`;
  const known = tables.get(key);
  if (known !== undefined) return known;
  const odds: Odds<Fate> = [
    ['is not made, since its process dies', temper.deaths / 2],
    ['is done, and its process dies', temper.deaths / 2],
    ['is answered, but its process stands still', temper.deaths / 3],
    ...SHARES.map(([fate, share]) => [fate, share * temper.calls] as const),
  ];
  tables.set(key, odds);
  return odds;
}

/** Decides what becomes of an attempt, and lets it happen. */
export function fateOf(conditions: CallConditions, attempt: Attempt, outcomes: Outcomes): void {
  const fate = decide(conditions, attempt);
  const { stage } = conditions;
  if (fate !== undefined) stage.story.tell(() => `${attempt.sandbox.name}: ${attempt.name} ${fate}`);
  play(fate, conditions, attempt, outcomes);
}

function decide({ stage, weather, service }: CallConditions, { name }: Attempt): Fate | undefined {
  const outage = weather.of(service);
  if (outage === undefined) return stage.faults.oneOf(name, oddsOf(stage));
  // An outage is one thing that happens, not as many as there are calls in it.
  let left = stage.dice.roll(`${name} in the outage`);
  for (const [fate, probability] of IN_OUTAGE[outage.kind]) {
    if (left < probability) return fate;
    left -= probability;
  }
  return undefined;
}

function play(
  fate: Fate | undefined,
  conditions: CallConditions,
  attempt: Attempt,
  outcomes: Outcomes,
): void {
  const { stage, timeoutMs, distanceMs } = conditions;
  const { time, dice } = stage;
  const { name, sandbox } = attempt;
  const thereMs = 1 + distanceMs * dice.roll(`${name}: there`) ** 2;
  const backMs = 1 + distanceMs * dice.roll(`${name}: back`) ** 2;
  const timesOut = (): void => {
    attempt.answer = 'unheard';
    time.after(timeoutMs, () => {
      outcomes.retry(error('TimeoutError'));
    });
  };
  switch (fate) {
    case undefined:
      time.after(thereMs, () => answer(conditions, attempt, outcomes, backMs));
      return;
    case 'is answered, but its process stands still': {
      const stillMs = 1_000 * 2 ** dice.between(0, 6, `${name}: how long it stands still`);
      time.after(thereMs, () => {
        answer(conditions, attempt, outcomes, backMs);
        sandbox.standStill(stillMs);
      });
      return;
    }
    case 'is slow': {
      const slowMs = dice.between(0.05, 0.9, `${name}: how slow`) * timeoutMs;
      time.after(slowMs, () => answer(conditions, attempt, outcomes, backMs));
      return;
    }
    case 'fails':
      time.after(thereMs + backMs, () => outcomes.retry(error('InternalServerError', 500)));
      return;
    case 'is throttled':
      time.after(thereMs + backMs, () => outcomes.retry(error('ThrottlingException', 400)));
      return;
    case 'is refused':
      time.after(thereMs + backMs, () => outcomes.reject(error('AccessDeniedException', 400)));
      return;
    case 'gets lost':
      timesOut();
      return;
    case 'is done, but its answer gets lost':
      time.after(thereMs, () => doUnheard(attempt, outcomes));
      timesOut();
      return;
    case 'is done late, when nobody waits any more':
      timesOut();
      time.after(timeoutMs + dice.between(1, 3_000, `${name}: how late`), () => doUnheard(attempt, outcomes));
      return;
    case 'is not made, since its process dies':
      sandbox.die('dies');
      return;
    case 'is done, and its process dies':
      time.after(thereMs, () => {
        doUnheard(attempt, outcomes);
        sandbox.die('dies');
      });
      return;
  }
}

/** The other side does its work; its answer, be it an error, is heard unless the process is dead by then. */
function answer({ stage }: CallConditions, attempt: Attempt, outcomes: Outcomes, backMs: number): void {
  let end: () => void;
  try {
    const output = outcomes.work();
    end = () => outcomes.resolve(output);
  } catch (refusal) {
    if (!isAnswer(refusal)) throw refusal;
    end = () => outcomes.reject(refusal);
  }
  stage.time.after(backMs, () =>
    attempt.sandbox.moved(() => {
      attempt.answer = attempt.sandbox.isAlive && outcomes.isWaitedFor() ? 'heard' : 'unheard';
      end();
    }),
  );
}

function doUnheard(attempt: Attempt, { work }: Outcomes): void {
  attempt.answer = 'unheard';
  try {
    work();
  } catch (refusal) {
    // Nobody hears that it was refused.
    if (!isAnswer(refusal)) throw refusal;
  }
}

/** What the services answer with; anything else is a mistake of the simulation. */
function isAnswer(error: unknown): error is Error {
  return error instanceof Error && '$metadata' in error;
}

/** As the AWS clients make them. */
function error(name: string, httpStatusCode?: number): Error {
  return Object.assign(new Error(name), {
    name,
    ...(httpStatusCode === undefined ? {} : { $metadata: { httpStatusCode } }),
  });
}
