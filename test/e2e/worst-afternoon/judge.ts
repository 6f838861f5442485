import { createHash } from 'node:crypto';
import type { Afternoon } from './afternoon.ts';
import type { CloudState } from './cloud-folder.ts';
import type { Expected } from './genuine.ts';
import type { Answer } from './post.ts';
import type { Kill } from './restartable-receiver.ts';
import type { Attempted } from './sender.ts';

/** What went wrong, each as one line that names the culprit. */
export interface Faults {
  /** Acknowledged, and neither published nor a dead letter, nor kept in the bucket because it could not be queued. */
  readonly lost: readonly string[];
  /** Genuine, and refused. */
  readonly turnedAway: readonly string[];
  /** Forged, and acknowledged. */
  readonly believed: readonly string[];
  /** Published, although nobody sent it so. */
  readonly forged: readonly string[];
  /** Dead letters that should not be, or under a wrong reason. */
  readonly wronglyDead: readonly string[];
  /**
   * Published twice, although nobody was working on it when the process was killed, and no call for it went without an answer; or
   * twice as two states.
   */
  readonly doubled: readonly string[];
  /** A higher sequence with an older state, or a subject that did not end at its newest. */
  readonly disordered: readonly string[];
  /** The same bytes under two ids, without a word about it. */
  readonly unmarked: readonly string[];
}

export const noFaults: Faults = {
  lost: [],
  turnedAway: [],
  believed: [],
  forged: [],
  wronglyDead: [],
  doubled: [],
  disordered: [],
  unmarked: [],
};

interface Published {
  readonly name: string;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly subject: string | undefined;
  readonly sequence: string | undefined;
  readonly repeatof: string | undefined;
  readonly payload: string | undefined;
}

/** What the outbox and the dead letters say, held against what was sent. */
export type Evidence = Pick<Afternoon, 'attempts' | 'lines' | 'deferred'> & {
  readonly kills: readonly Pick<Kill, 'inFlight'>[];
  readonly cloud: Pick<CloudState, 'deadLetters' | 'spilled' | 'objects'>;
};

/** `copies`: how often an event was published once more. */
export function judged({ attempts, lines, kills, deferred, cloud }: Evidence): {
  readonly faults: Faults;
  readonly copies: number;
} {
  const published = Map.groupBy(
    lines.map((line) => read(line, cloud)),
    ({ name }) => name,
  );
  const expected = expectedEvents(attempts);
  const copies = [...published.values()].filter((all) => all.length > 1);
  const faults = {
    lost: lost(attempts, published, cloud),
    turnedAway: attempts.flatMap(turnedAway),
    believed: attempts.flatMap(believed),
    forged: [...published.values()].flat().flatMap((one) => mismatch(one, expected.get(one.name))),
    wronglyDead: wronglyDead(attempts, published, cloud),
    doubled: copies.flatMap((all) => {
      const [{ name }] = all as [Published];
      const sequences = new Set(all.flatMap(({ sequence }) => sequence ?? []));
      const interrupted = deferred.has(name) || kills.some(({ inFlight }) => inFlight.has(name));
      return interrupted && sequences.size <= 1 ? [] : [`${name}: ${JSON.stringify(all)}`];
    }),
    disordered: disordered([...published.values()].flat(), expected),
    unmarked: unmarked(attempts, published),
  };
  return { faults, copies: lines.length - published.size };
}

/**
 * Events of genuine deliveries that were acknowledged, and are not in the outbox yet; but for those of which it may never hold them.
 * @param spilled beginnings of the ids of deliveries that nobody publishes.
 */
export function outstanding(
  attempts: readonly Attempted[],
  lines: readonly string[],
  spilled: ReadonlySet<string>,
): readonly string[] {
  const published = new Set(
    lines.map((line) => {
      const { source, id }: { readonly source: string; readonly id: string } = JSON.parse(line);
      return nameOf({ source: sourceOf(source), id });
    }),
  );
  const repeated = new Set(attempts.flatMap(({ sent }) => (sent.kind === 'captured' ? [sent.original] : [])));
  return attempts
    .filter(({ answers }) => acceptances(answers).some(({ delivery }) => !spilled.has(delivery.slice(0, 8))))
    .filter(({ sent }) => sent.kind === 'genuine' && !repeated.has(sent.delivery))
    .flatMap(({ sent }) => sent.delivery.events.map(nameOf))
    .filter((name) => !published.has(name));
}

function isAccepted({ answers }: Attempted): boolean {
  return acceptances(answers).length > 0;
}

function acceptances(answers: readonly Answer[]): readonly (Answer & { readonly kind: 'answered' })[] {
  return answers
    .filter((answer) => answer.kind === 'answered')
    .filter(({ status }) => status >= 200 && status < 300);
}

function read(line: string, { objects }: Evidence['cloud']): Published {
  const { source: uri, id, type, subject, sequence, repeatof, dataref } = JSON.parse(line);
  const source = sourceOf(String(uri));
  const whole = dataref === undefined ? line : (objects.get(dataref) ?? '');
  const [, payload] = /^\{.*?"data":\{"payload":(.*)\}\}$/s.exec(whole) ?? [];
  return { name: `${source}#${id}`, source, id, type, subject, sequence, repeatof, payload };
}

function sourceOf(uri: string): string {
  return uri.replace('urn:headgate:local:', '');
}

function expectedEvents(attempts: readonly Attempted[]): ReadonlyMap<string, Expected> {
  const genuine = attempts.filter(({ sent }) => sent.kind !== 'forged');
  const events = genuine.flatMap(({ sent }) => sent.delivery.events);
  return new Map(events.map((event) => [nameOf(event), event]));
}

function nameOf({ source, id }: Pick<Expected, 'source' | 'id'>): string {
  return `${source}#${id}`;
}

function lost(
  attempts: readonly Attempted[],
  published: ReadonlyMap<string, unknown>,
  { deadLetters, spilled }: Evidence['cloud'],
): readonly string[] {
  const dead = new Set(deadLetters.map(({ delivery }) => `${delivery.source} ${digest(delivery.body)}`));
  const kept = new Set(spilled.map((delivery) => `${delivery.source} ${digest(delivery.body)}`));
  const refused = refusedRepeats(deadLetters);
  return attempts.filter(isAccepted).flatMap(({ sent }) => {
    const { source, body, events } = sent.delivery;
    if (kept.has(`${source} ${digest(body)}`)) return [];
    if (sent.kind === 'genuine' || sent.kind === 'captured')
      return events.map(nameOf).filter((name) => !published.has(name) && !refused.has(name));
    if (sent.kind === 'forged' && sent.forgery.kind !== 'other-type') return [];
    // It is not for publishing, but somebody has to hear of it.
    return dead.has(`${source} ${digest(body)}`) ? [] : [`${sent.kind} ${source} ${String(body)}`];
  });
}

/** Of all sources only Shopify refuses repeated content; there, headers that are kept tell the id. */
function refusedRepeats(deadLetters: CloudState['deadLetters']): ReadonlySet<string> {
  return new Set(
    deadLetters
      .filter(({ reason }) => reason === 'repeated-content')
      .map(
        ({ delivery: { source, headers } }) => `${source}#${headers['x-shopify-event-id']}/products/update`,
      ),
  );
}

function turnedAway({ sent, answers }: Attempted): readonly string[] {
  if (sent.kind === 'forged') return [];
  return answers.flatMap((answer) => {
    // A 5xx asks for it again.
    if (answer.kind === 'none' || answer.status >= 500 || answer.status < 300) return [];
    return [`${sent.kind} ${sent.delivery.source}: ${answer.status}`];
  });
}

function believed({ sent, answers }: Attempted): readonly string[] {
  if (sent.kind !== 'forged') return [];
  return answers.flatMap((answer) => {
    if (answer.kind === 'none' || answer.status >= 400) return [];
    // Whether a body fits its type, only who has read it knows; it must end as a dead letter.
    if (sent.forgery.kind === 'other-type' && answer.status < 300) return [];
    return [`${sent.delivery.source} ${JSON.stringify(sent.forgery)}: ${answer.status}`];
  });
}

function mismatch(one: Published, event: Expected | undefined): readonly string[] {
  if (event === undefined) return [`${one.name}: nobody sent it`];
  const { type, subject, payload } = event;
  const said = [one.type.slice(one.type.indexOf('.') + 1), one.subject, one.payload];
  const sent = [type, subject, payload.replaceAll(/[\r\n]/g, '')];
  const wrong = ['type', 'subject', 'payload'].filter((_, index) => said[index] !== sent[index]);
  return wrong.map((what) => `${one.name}: its ${what} is not what was sent`);
}

function wronglyDead(
  attempts: readonly Attempted[],
  published: ReadonlyMap<string, unknown>,
  { deadLetters }: Evidence['cloud'],
): readonly string[] {
  const reasons = new Map<string, string>();
  for (const { sent } of attempts) {
    const { source, body } = sent.delivery;
    const place = `${source} ${digest(body)}`;
    if (sent.kind === 'unreadable') reasons.set(place, 'unreadable');
    if (sent.kind === 'forged' && sent.forgery.kind === 'other-type') reasons.set(place, 'contradicted-type');
    if (sent.kind === 'captured' && source === 'shopify') reasons.set(place, 'repeated-content');
  }
  const unexpected = deadLetters.flatMap(({ delivery, reason }) => {
    const right = reasons.get(`${delivery.source} ${digest(delivery.body)}`);
    return reason === right
      ? []
      : [`${delivery.source} ${delivery.id}: ${reason} instead of ${right ?? 'none'}`];
  });
  const both = [...refusedRepeats(deadLetters)].filter((name) => published.has(name));
  return [...unexpected, ...both.map((name) => `${name}: dead and published`)];
}

function unmarked(
  attempts: readonly Attempted[],
  published: ReadonlyMap<string, readonly Published[]>,
): readonly string[] {
  return attempts.flatMap(({ sent }) => {
    if (sent.kind !== 'captured') return [];
    const pair = [...sent.original.events, ...sent.delivery.events].flatMap(
      (event) => published.get(nameOf(event))?.slice(0, 1) ?? [],
    );
    const first = pair.filter(({ repeatof }) => repeatof === undefined);
    const right = pair.every(({ repeatof }) => repeatof === undefined || repeatof === first[0]?.id);
    const most = sent.delivery.source === 'shopify' ? 1 : 2;
    const fine = pair.length === 0 || (first.length === 1 && right && pair.length <= most);
    return fine ? [] : [JSON.stringify(pair)];
  });
}

function disordered(
  published: readonly Published[],
  expected: ReadonlyMap<string, Expected>,
): readonly string[] {
  const subjects = Map.groupBy(
    published.flatMap((one) => {
      const { subject, version } = expected.get(one.name) ?? {};
      return subject === undefined || version === undefined ? [] : [{ ...one, subject, version }];
    }),
    ({ source, subject }) => `${source} ${subject}`,
  );
  return [...subjects].flatMap(([subject, all]) => {
    const newest = Math.max(...all.map(({ version }) => version));
    // As a subscriber does it, in the order of arrival.
    let applied: { readonly sequence: string; readonly version: number } | undefined;
    for (const { sequence, version } of all) {
      if (sequence !== undefined && (applied === undefined || sequence > applied.sequence))
        applied = { sequence, version };
    }
    const states = all.flatMap(({ sequence, version }) =>
      sequence === undefined ? [] : [{ sequence, version }],
    );
    const sorted = states.toSorted((a, b) =>
      a.sequence < b.sequence ? -1 : Number(a.sequence > b.sequence),
    );
    const back = sorted.some(({ version }, index) => version < (sorted[index - 1]?.version ?? version));
    return applied?.version === newest && !back
      ? []
      : [`${subject}: ${JSON.stringify(sorted)}, newest ${newest}`];
  });
}

function digest(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
