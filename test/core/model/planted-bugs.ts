import type { Condition, ConditionalWrite } from '../../../lib/core/conditional-write.ts';
import type { Sequence } from '../../../lib/core/event.ts';
import type { OrderStep } from '../../../lib/core/order.ts';
import { type Protocol, real } from './protocol.ts';

/** The real protocol with one mistake in it. */
export interface PlantedBug {
  readonly title: string;
  readonly protocol: Protocol;
  /** The scenario of `scenarios.ts` that shows it. */
  readonly scenario: string;
  /** What the violated promise's message has to say. */
  readonly shows: RegExp;
}

const bug = (title: string, mistake: Partial<Protocol>, scenario: string, shows: RegExp): PlantedBug => ({
  title,
  protocol: { ...real, ...mistake },
  scenario,
  shows,
});

function unconditional({ condition: _condition, ...write }: ConditionalWrite): ConditionalWrite {
  return write;
}

/** Leaves out the conditions, at any depth, that `drop` names. */
function without(condition: Condition, drop: (condition: Condition) => boolean): Condition {
  if (condition.kind !== 'all' && condition.kind !== 'any') return condition;
  return { ...condition, of: condition.of.filter((part) => !drop(part)).map((part) => without(part, drop)) };
}

function weakened(write: ConditionalWrite, change: (condition: Condition) => Condition): ConditionalWrite {
  return write.condition === undefined ? write : { ...write, condition: change(write.condition) };
}

/** Changes every commit that an order step leads to. */
function commits(change: (write: ConditionalWrite, now: number) => ConditionalWrite): Partial<Protocol> {
  const changed = (step: OrderStep, now: number): OrderStep =>
    step.kind === 'commit' ? { ...step, write: change(step.write, now) } : step;
  return {
    firstOrder: (event, clock) => changed(real.firstOrder(event, clock), clock.now),
    nextOrder: (event, clock, tried, answer) =>
      changed(real.nextOrder(event, clock, tried, answer), clock.now),
  };
}

const isBelow =
  (name: string) =>
  (condition: Condition): boolean =>
    condition.kind === 'below' && condition.name === name;

const isEqual =
  (name: string) =>
  (condition: Condition): boolean =>
    condition.kind === 'equal' && condition.name === name;

const orEqual = (condition: Condition): Condition => {
  if (condition.kind === 'below' && condition.name === 'version')
    return { kind: 'any', of: [condition, { ...condition, kind: 'equal' }] };
  return condition.kind === 'all' || condition.kind === 'any'
    ? { ...condition, of: condition.of.map(orEqual) }
    : condition;
};

const digits = (micros: number): Sequence => String(micros).padStart(16, '0') as Sequence;

const following = (sequence: Sequence): Sequence => digits(Number(sequence) + 1);

export const PLANTED_BUGS: readonly PlantedBug[] = [
  bug(
    'a record without its condition',
    { recordWrite: (event, claim, standing) => unconditional(real.recordWrite(event, claim, standing)) },
    'two copies of one event, a crash and a call that fails',
    /^claim: .*\(record\) by a worker that does not hold it/,
  ),
  bug(
    'a release without its condition',
    { releaseWrite: (event, claim, cause) => unconditional(real.releaseWrite(event, claim, cause)) },
    'two copies of one event, a crash and a call that fails',
    /^claim: .*\(release\) by a worker that does not hold it/,
  ),
  bug(
    'a superseded state that is given a sequence',
    {
      nextOrder: (event, clock, tried, answer) => {
        const next = real.nextOrder(event, clock, tried, answer);
        if (next.kind === 'commit' || next.standing.verdict !== 'superseded') return next;
        return { kind: 'settled', standing: { verdict: 'fresh', sequence: following(tried) } };
      },
    },
    'four states of one resource, the newer by slower clocks',
    /^P4: .* \(state \d\) has sequence/,
  ),
  bug(
    'an equal version taken as newer',
    {
      ...commits((write) => weakened(write, orEqual)),
    },
    'four states of one resource, two by two of the same version',
    /^P4: .* \(state \d\) has sequence/,
  ),
  bug(
    'no version taken as newer',
    {
      nextOrder: (event, clock, tried, answer) => {
        const next = real.nextOrder(event, clock, tried, answer);
        if (next.kind === 'commit' || next.standing.verdict !== 'unconfirmed') return next;
        return { kind: 'settled', standing: { verdict: 'fresh', sequence: following(tried) } };
      },
    },
    'four states of one resource, two of them without a version',
    /^P4: /,
  ),
  bug(
    'a claim without its condition',
    { claimWrite: (event, claim) => unconditional(real.claimWrite(event, claim)) },
    'four copies of one event',
    /^P3: a is published 2 times, 1 allowed/,
  ),
  bug(
    'a claim decided without looking at its token',
    {
      decideClaim: (event, claim, answer) =>
        real.decideClaim(event, claim, {
          ...answer,
          row:
            answer.row && answer.row.state === 'claimed' ? { ...answer.row, token: claim.token } : answer.row,
        } as typeof answer),
    },
    'four copies of one event',
    /^P3: a is published 2 times, 1 allowed/,
  ),
  bug(
    'a record that asks for any claim, not for its own token',
    {
      recordWrite: (event, claim, standing) =>
        weakened(real.recordWrite(event, claim, standing), (one) => without(one, isEqual('token'))),
    },
    'two copies of one event, a crash and a call that fails',
    /^claim: .*\(record\) by a worker that does not hold it/,
  ),
  bug(
    'a claim that says at once that the event is published',
    {
      claimWrite: (event, claim) => {
        const write = real.claimWrite(event, claim);
        return { ...write, set: { ...write.set, state: 'published' } };
      },
    },
    'four copies of one event',
    /^P2: a is taken for published, and is not/,
  ),
  bug(
    'a lease that is shorter than the worker',
    { leaseUntil: (deadline) => deadline - 1_500 },
    'four copies of one event',
    /^P3: a is published 2 times, 1 allowed/,
  ),
  bug(
    'a claim that ends only when its row is deleted',
    {
      claimWrite: (event, claim) =>
        weakened(real.claimWrite(event, claim), (one) =>
          without(one, (part) => part.kind === 'all' && part.of.some(isBelow('lease'))),
        ),
    },
    'four copies of one event',
    /^liveness: /,
  ),
  bug(
    'an expired row of an event that still blocks, since it is not deleted yet',
    {
      claimWrite: (event, claim) =>
        weakened(real.claimWrite(event, claim), (one) => without(one, isBelow('expires'))),
    },
    'a key that is used again after its row has expired',
    /^P2: \w is taken for (published, and is not|a collision with a row that has expired)/,
  ),
  bug(
    'an expired row of an event that is still trusted, since it is not deleted yet',
    { decideKnown: (event, row) => real.decideKnown(event, row, 0) },
    'a copy that comes when the rows may be gone',
    /^P2: \w is taken for published, and is not/,
  ),
  bug(
    "an expired row of a subject that doesn't count, although it is still there",
    commits((write, now) =>
      weakened(write, (one) => ({
        kind: 'any',
        of: [one, { kind: 'below', name: 'expires', value: Math.floor(now / 1000) }],
      })),
    ),
    'states that come when the rows of a newer one may be gone',
    /^P4: .* \(state \d\) has sequence/,
  ),
  bug(
    'a deleted row of a subject taken for proof that it has no state yet',
    {
      firstOrder: (event, clock) => {
        const { time: _time, ...ageless } = event;
        return real.firstOrder(ageless, clock);
      },
    },
    'states that come when the rows of a newer one may be gone',
    /^P4: .* \(state \d\) has sequence/,
  ),
  bug(
    'rows of subjects that live no longer than the events that rely on them may be old',
    commits((write) => ({
      ...write,
      set: { ...write.set, expires: Number(write.set.expires) - 3_600 },
    })),
    "an old state with a time ahead of our clock, when a newer state's row may be gone",
    /^P4: .* \(state \d\) has sequence/,
  ),
  bug(
    'a commit without its condition',
    commits(unconditional),
    'four states of one resource, the newer by slower clocks',
    /^P4: .* \(state \d\) has sequence/,
  ),
  bug(
    'a commit that trusts the clock alone',
    commits((write) => weakened(write, (one) => without(one, isBelow('version')))),
    'four states of one resource, the newer by slower clocks',
    /^P4: .* \(state \d\) has sequence/,
  ),
  bug(
    'a commit that looks at the version alone',
    commits((write) => weakened(write, (one) => without(one, isBelow('sequence')))),
    'four states of one resource, the newer by slower clocks',
    /^P4: .* \(state \d\) has sequence/,
  ),
  bug(
    'a retry that takes a new sequence',
    {
      nextOrder: (event, clock, tried, answer) => {
        const next = real.nextOrder(event, clock, tried, answer);
        if (answer.kind === 'written' || answer.row?.by !== event.key || next.kind === 'commit') return next;
        const { verdict } = next.standing;
        return verdict === 'fresh'
          ? { kind: 'settled', standing: { verdict, sequence: digits(clock.micros) } }
          : next;
      },
    },
    'two copies of one event, a crash and a call that fails',
    /^P3: copies of \w have the sequences/,
  ),
  bug(
    'a retry that publishes as superseded by itself',
    {
      nextOrder: (event, clock, tried, answer) =>
        answer.kind === 'refused' && answer.row?.by === event.key
          ? { kind: 'settled', standing: { verdict: 'superseded' } }
          : real.nextOrder(event, clock, tried, answer),
    },
    'two states of one resource, a crash and a call that fails',
    /^liveness: \w is superseded by no state that is out/,
  ),
  bug(
    'signed bytes that are bound to the last id, not to the first',
    {
      contentWrite: (event, claim) => {
        const write = real.contentWrite(event, claim);
        return write && unconditional(write);
      },
    },
    'the same signed bytes under two ids, twice each',
    /^repeat: \w is published as new/,
  ),
  bug(
    'a forged event taken for a repeat',
    {
      decideContent: (event, answer) => {
        const decision = real.decideContent(event, answer);
        return decision.kind === 'forged' ? { ...decision, kind: 'repeat' } : decision;
      },
    },
    'the same signature under three ids, over two bodies',
    /^repeat: \w is published, though its signature came before with other words/,
  ),
];
