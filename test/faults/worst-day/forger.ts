import type { EpochMs } from '../../../lib/core/request.ts';
import { type Delivery, type HttpRequest, requestOf } from './deliveries.ts';
import type { Call, From, Post } from './gateway.ts';
import type { Stage } from './stage.ts';

const TRIES = 8;

export const ARTS = [
  'unsigned',
  'of another secret',
  'altered',
  'stale',
  'relabelled',
  'relabelled as another type',
] as const;
type Art = (typeof ARTS)[number];

/** A genuine request, as it came. */
export interface Captured {
  readonly delivery: Delivery;
  readonly request: HttpRequest;
  readonly at: EpochMs;
}

/** Longer than any replay tolerance of ours. */
const STALE_MS = 310_000;

export interface ForgerOptions {
  readonly post: Post;
  /** Requests whose events are all out: one who reads along cannot be faster than the line. */
  readonly captured: () => readonly Captured[];
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** A stranger who reads what providers send, and makes his own of it. */
export function openForger(stage: Stage, { post, captured, from, until }: ForgerOptions): void {
  const { time, dice, course } = stage;
  for (let number = 1; number <= TRIES; number += 1) {
    const name = `forgery-${number}`;
    time.at(dice.between(from, until, `time of ${name}`), () => {
      const known = captured();
      const art = dice.pick(ARTS, `art of ${name}`);
      if (known.length === 0 || !course.happens(`${name} is ${art}`, 1)) return;
      const victim = dice.pick(known, `victim of ${name}`);
      const call = forged(name, art, victim, time.now());
      if (call !== undefined) post(call);
    });
  }
}

/** What was signed with a secret that has been retired. */
export function postRetired(post: Post, delivery: Delivery, secret: string, at: EpochMs): void {
  const request = requestOf(delivery, { secret, at, attempt: 1 });
  post({
    name: `${delivery.name} of a retired secret`,
    request,
    from: { kind: 'forger', how: 'of a retired secret' },
  });
}

/** Undefined where the art is none: a token proves any body, and what carries no time may come again. */
function forged(name: string, art: Art, { delivery, request, at }: Captured, now: EpochMs): Call | undefined {
  const { kind, events } = delivery;
  const [first] = events;
  const call = (changed: Partial<HttpRequest>, from: From = { kind: 'forger', how: art }): Call => ({
    name: `${name} of ${delivery.name}`,
    request: { ...request, ...changed },
    from,
  });
  const proof = kind.name === 'batch' ? 'batch-token' : `${kind.name}-signature`;
  switch (art) {
    case 'unsigned': {
      const { [proof]: _proof, ...headers } = request.headers;
      return call({ headers });
    }
    case 'of another secret':
      return call(requestOf(delivery, { secret: 'guessed', at: now, attempt: 1 }));
    case 'altered':
      return kind.name === 'batch'
        ? undefined
        : call({ body: Buffer.from(request.body.toString().replace(/\d(?=\D*$)/, (digit) => `${digit}1`)) });
    case 'stale':
      return kind.name === 'batch' || kind.name === 'clock' || now - at < STALE_MS ? undefined : call({});
    case 'relabelled':
    case 'relabelled as another type': {
      if (kind.name !== 'clock') return undefined;
      const id = `${first.id}-${name}`;
      const type = art === 'relabelled' ? first.type : 'thing.forged';
      const headers = { ...request.headers, 'clock-delivery': id, 'clock-event': type };
      return call({ headers }, { kind: 'relabeller', id, of: first, type });
    }
  }
}
