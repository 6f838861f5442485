import { describe, expect, test } from 'vitest';
import type { Delivery, DeliveryId } from '../../lib/core/delivery.ts';
import type { SourceName } from '../../lib/core/source.ts';
import type { Expected, Genuine } from './worst-afternoon/genuine.ts';
import { captured, genuine, unreadable } from './worst-afternoon/genuine.ts';
import { type Evidence, type Faults, judged, noFaults } from './worst-afternoon/judge.ts';
import type { Sent } from './worst-afternoon/plan.ts';
import type { Attempted } from './worst-afternoon/sender.ts';

const SINCE = Date.UTC(2026, 10, 24, 9);
/** Three states of one subject. */
const states = [0, 1, 2].map((k) => genuine('deploys', k, SINCE));
const original = genuine('github', 0, SINCE);
const replay = captured(original) as Genuine;
const broken = unreadable(0);
const forgery = genuine('svix', 1_000_000, SINCE);

function answered(sent: Sent, status: number): Attempted {
  return { sent, answers: [{ kind: 'answered', status, delivery: 'd' }] };
}

function published(
  { source, id, type, subject, payload }: Expected,
  more: Readonly<Record<string, string>> = {},
): string {
  const attributes = { source: `urn:headgate:local:${source}`, id, type: `x.${type}`, subject, ...more };
  return `${JSON.stringify(attributes).slice(0, -1)},"data":{"payload":${payload}}}`;
}

function dead({ source, body, headers }: Genuine, reason: string): Evidence['cloud']['deadLetters'][number] {
  const delivery: Delivery = {
    id: 'd' as DeliveryId,
    source: source as SourceName,
    origin: 'webhook',
    method: 'POST',
    path: `/${source}`,
    query: '',
    headers,
    body,
    receivedAt: SINCE,
  };
  return { delivery, reason };
}

const event = (one: Genuine): Expected => one.events[0] as Expected;

/** Nothing is wrong with it. */
function evidence(): { -readonly [Part in keyof Evidence]: Evidence[Part] } {
  return {
    attempts: [
      ...states.map((delivery) => answered({ kind: 'genuine', delivery, secret: 'newest' }, 200)),
      answered({ kind: 'genuine', delivery: original, secret: 'newest' }, 200),
      answered({ kind: 'captured', delivery: replay, original }, 200),
      answered({ kind: 'unreadable', delivery: broken }, 200),
      answered({ kind: 'forged', delivery: forgery, forgery: { kind: 'wrong-secret' }, place: 0 }, 401),
    ],
    lines: [
      // The newest came before the one in the middle, which therefore is no state.
      published(event(states[0] as Genuine), { sequence: '01' }),
      published(event(states[2] as Genuine), { sequence: '03' }),
      published(event(states[1] as Genuine)),
      published(event(original), { sequence: '01' }),
      published(event(replay), { repeatof: event(original).id }),
    ],
    kills: [{ inFlight: new Set([`deploys#${event(states[0] as Genuine).id}`]) }],
    deferred: new Set(),
    cloud: { deadLetters: [dead(broken, 'unreadable')], spilled: [], objects: new Map() },
  };
}

function without(lines: readonly string[], one: Genuine): string[] {
  return lines.filter((line) => !line.includes(`"id":"${event(one).id}"`));
}

type Change = (right: ReturnType<typeof evidence>) => Partial<Evidence>;

const PLANTED: readonly (readonly [what: string, fault: keyof Faults, change: Change])[] = [
  [
    'an accepted event that is nowhere',
    'lost',
    ({ lines }) => ({ lines: without(lines, states[1] as Genuine) }),
  ],
  [
    'an unreadable delivery that is no dead letter',
    'lost',
    () => ({ cloud: { deadLetters: [], spilled: [], objects: new Map() } }),
  ],
  [
    'a genuine delivery that was refused',
    'turnedAway',
    ({ attempts }) => ({
      attempts: [
        ...attempts,
        { ...(attempts[0] as Attempted), answers: [{ kind: 'answered', status: 401, delivery: 'd' }] },
      ],
    }),
  ],
  [
    'a forgery that was acknowledged',
    'believed',
    ({ attempts }) => ({
      attempts: attempts.map((one) => (one.sent.kind === 'forged' ? answered(one.sent, 202) : one)),
    }),
  ],
  [
    'a forgery that was published',
    'forged',
    ({ lines }) => ({ lines: [...lines, published(event(forgery))] }),
  ],
  [
    'a payload that is another',
    'forged',
    ({ lines }) => ({ lines: lines.map((line) => line.replace('"revision":2', '"revision":7')) }),
  ],
  [
    'a dead letter that should have been published',
    'wronglyDead',
    (right) => ({
      cloud: { ...right.cloud, deadLetters: [...right.cloud.deadLetters, dead(original, 'unreadable')] },
    }),
  ],
  [
    'a copy of what was not in flight',
    'doubled',
    ({ lines }) => ({ lines: [...lines, published(event(states[1] as Genuine))] }),
  ],
  [
    'a copy under another sequence',
    'doubled',
    ({ lines }) => ({ lines: [...lines, published(event(states[0] as Genuine), { sequence: '02' })] }),
  ],
  [
    'an older state with a higher sequence',
    'disordered',
    ({ lines }) => ({
      lines: [
        ...without(lines, states[1] as Genuine),
        published(event(states[1] as Genuine), { sequence: '04' }),
      ],
    }),
  ],
  [
    'a newest state without a sequence',
    'disordered',
    ({ lines }) => ({
      lines: [...without(lines, states[2] as Genuine), published(event(states[2] as Genuine))],
    }),
  ],
  [
    'the same bytes twice without a word',
    'unmarked',
    ({ lines }) => ({ lines: [...without(lines, replay), published(event(replay))] }),
  ],
];

describe('the judge of an afternoon', () => {
  test('finds no fault where there is none, and lets pass a copy of what was in flight, and what is kept in the bucket', () => {
    const right = evidence();
    expect(judged(right)).toEqual({ faults: noFaults, copies: 0 });
    const copy = published(event(states[0] as Genuine), { sequence: '01' });
    expect(judged({ ...right, lines: [...right.lines, copy] })).toEqual({ faults: noFaults, copies: 1 });
    const { delivery: spilled } = dead(states[1] as Genuine, 'none');
    const lines = without(right.lines, states[1] as Genuine);
    const cloud = { ...right.cloud, spilled: [spilled] };
    expect(judged({ ...right, lines, cloud })).toEqual({ faults: noFaults, copies: 0 });
  });

  test.each(PLANTED)('finds %s', (_what, fault, change) => {
    const right = evidence();
    const { faults } = judged({ ...right, ...change(right) });
    const found = Object.entries(faults).filter(([, all]) => all.length > 0);
    expect(found).toEqual([[fault, [expect.any(String)]]]);
  });
});
