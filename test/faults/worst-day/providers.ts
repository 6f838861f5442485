import type { EpochMs } from '../../../lib/core/request.ts';
import type { SourceName } from '../../../lib/core/source.ts';
import type { Cloud } from './cloud.ts';
import type { Delivery } from './deliveries.ts';
import { changeEvent, pingEvent, type TrueEvent } from './events.ts';
import { type Captured, openForger, postRetired } from './forger.ts';
import type { Post } from './gateway.ts';
import { KINDS, type Kind } from './kinds.ts';
import { openSender } from './sender.ts';
import { keyOf } from './simulated-api.ts';
import { DAWN, type Stage } from './stage.ts';
import { planThing, type Thing } from './things.ts';

const MINUTE = 60_000;

/** When changes and everything else that providers do by themselves has ended; retries go on for some hours. */
const CHANGES_END: EpochMs = DAWN + 90 * MINUTE;

/** When nothing goes wrong any more. */
export const FAULTS_END: EpochMs = DAWN + 150 * MINUTE;

/** How long a secret that was replaced verifies, as `kinds.ts` says, or is still cached. */
const RETIRED_MS = 70 * MINUTE;

const THINGS_PER_KIND = 2;
const PINGS_PER_KIND = 2;
/** As many changes, and as far apart, make one delivery of a batch. */
const BATCH = { events: 4, ms: 60_000 };

export interface Providers {
  readonly things: readonly Thing[];
  readonly events: readonly TrueEvent[];
  /** Somebody asks for some of what was sent long ago once more. */
  resendSome(): void;
}

/** All things of all providers. */
export function planThings(stage: Stage): readonly Thing[] {
  return KINDS.flatMap((kind) =>
    Array.from({ length: THINGS_PER_KIND }, (_, index) =>
      planThing(stage, kind, index + 1, { from: DAWN, until: CHANGES_END }),
    ),
  );
}

/** Everything that providers and strangers do in a day. */
export function openProviders(
  stage: Stage,
  { post, auditor, secrets }: Cloud,
  things: readonly Thing[],
): Providers {
  const { time, dice, course } = stage;
  const events = KINDS.flatMap((kind) => eventsOf(stage, kind, things));
  const deliveries = KINDS.flatMap((kind) =>
    deliveriesOf(
      kind,
      events.filter((event) => event.kind === kind),
    ),
  );
  const secretOf = rotateSecrets(stage, secrets);
  /** But for what was sent by mistake: it may be refused, and is then nobody's to repeat. */
  const captured: Captured[] = [];
  const watched: Post = (call) => {
    const { from, request } = call;
    if (from.kind === 'provider' && deliveries.includes(from.delivery))
      captured.push({ delivery: from.delivery, request, at: time.now() });
    post(call);
  };
  const sender = openSender(stage, { post: watched, secretOf });
  for (const event of events) auditor.know(event);
  const sent: Delivery[] = [];
  for (const delivery of deliveries) {
    time.at(Math.max(...delivery.events.map(({ at }) => at)), () => {
      stage.story.tell(
        () => `${delivery.events.map(({ id, type }) => `${id} (${type})`).join(', ')} happens`,
      );
      sent.push(delivery);
      sender.send(delivery);
    });
    if (course.happens(`${delivery.name} comes again by mistake, with another text`, 0.01)) {
      const mistaken = withMistake(delivery);
      for (const event of mistaken.events) auditor.know(event);
      time.at(dice.between(delivery.events[0].at, CHANGES_END, `mistake of ${delivery.name}`), () =>
        sender.resend(mistaken),
      );
    }
  }
  const isOut = ({ kind, events: all }: Delivery): boolean =>
    all.every(({ id }) => auditor.accounts.isPublished(`${kind.name} ${id}`));
  openForger(stage, {
    post,
    captured: () => captured.filter(({ delivery }) => isOut(delivery)),
    from: DAWN,
    until: CHANGES_END,
  });
  for (const kind of KINDS) {
    time.at(FAULTS_END + MINUTE, () => {
      const first = sent.find((delivery) => delivery.kind === kind);
      if (first !== undefined && secretOf(kind) !== secretNamed(kind, 1))
        postRetired(post, first, secretNamed(kind, 1), time.now());
    });
  }
  return {
    things,
    events,
    resendSome() {
      for (const delivery of deliveries) {
        if (course.happens(`${delivery.name} is asked for again, much later`, 0.2))
          time.after(dice.between(0, 8 * 60 * MINUTE, `when ${delivery.name} is asked for`), () =>
            sender.resend(delivery),
          );
      }
    },
  };
}

function eventsOf(stage: Stage, kind: Kind, things: readonly Thing[]): readonly TrueEvent[] {
  const changes = things
    .filter((thing) => thing.kind === kind)
    .flatMap((thing) => thing.states.map((state) => changeEvent(stage, thing, state)));
  const pings = Array.from({ length: PINGS_PER_KIND }, (_, index) => index + 1)
    .filter((index) => stage.course.happens(`${kind.name} pings ${index}`, 1))
    .map((index) =>
      pingEvent(
        stage,
        kind,
        index,
        stage.dice.between(DAWN, CHANGES_END, `time of ${kind.name} ping ${index}`),
      ),
    );
  return [...changes, ...pings].sort((a, b) => a.at - b.at);
}

function deliveriesOf(kind: Kind, events: readonly TrueEvent[]): readonly Delivery[] {
  const deliveries: [TrueEvent, ...TrueEvent[]][] = [];
  for (const event of events) {
    const last = deliveries.at(-1);
    const fits = last !== undefined && last.length < BATCH.events && event.at - last[0].at < BATCH.ms;
    if (kind.batches === 'yes' && fits) last.push(event);
    else deliveries.push([event]);
  }
  return deliveries.map((all) => ({ kind, name: all[0].id, events: all }));
}

/** Under the same ids. */
function withMistake({ events: [first, ...others], ...delivery }: Delivery): Delivery {
  const mistaken = (event: TrueEvent): TrueEvent => ({ ...event, payload: { ...event.payload, mistake: 1 } });
  return { ...delivery, events: [mistaken(first), ...others.map(mistaken)] };
}

const secretNamed = (kind: Kind, number: number): string => `secret ${number} of ${kind.name}`;

/** Some secrets are replaced during the day: first in the store, then, some minutes later, at the provider. */
function rotateSecrets(stage: Stage, secrets: Cloud['secrets']): (kind: Kind) => string {
  const { time, dice, course } = stage;
  const changedAt = new Map<Kind, EpochMs>();
  for (const kind of KINDS) {
    const put = (number: number): void =>
      secrets.put(kind.name as SourceName, {
        text: JSON.stringify({ signing: secretNamed(kind, number), api: keyOf(kind) }),
        createdAt: time.now(),
      });
    put(1);
    const at = dice.between(DAWN, FAULTS_END - RETIRED_MS, `rotation of ${kind.name}`);
    if (!course.happens(`the secret of ${kind.name} is replaced`, 0.5)) continue;
    time.at(at, () => put(2));
    changedAt.set(kind, at + dice.between(0, 10 * MINUTE, `rotation at ${kind.name}`));
  }
  return (kind) => secretNamed(kind, time.now() < (changedAt.get(kind) ?? Number.POSITIVE_INFINITY) ? 1 : 2);
}
