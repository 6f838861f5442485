import { type Forgery, forgeriesOf } from './forgery.ts';
import {
  captured,
  type Genuine,
  genuine,
  SOURCE_NAMES,
  type SourceName,
  unpublished,
  unreadable,
} from './genuine.ts';
import { below, pick, type Random, shuffled } from './random.ts';
import type { Senders } from './signer.ts';

/** One delivery that somebody sends; a provider sends it again when it gets no answer. */
export type Sent = { readonly delivery: Genuine } & (
  | { readonly kind: 'genuine'; readonly secret: 'newest' | 'older' }
  /** Recorded on its way, and sent by somebody else under another id. */
  | { readonly kind: 'captured'; readonly original: Genuine }
  | { readonly kind: 'forged'; readonly forgery: Forgery; readonly place: number }
  | { readonly kind: 'unreadable' }
);

/** Sent at the same instant. */
export type Volley = readonly Sent[];

const REPEATS = 0.3;
const FORGED = 0.1;
/** Of each: too few to count, enough to matter. */
const ODD = 12;

/** Forgeries are made of deliveries that are never sent as they are, from this number on. */
const NEVER_SENT = 1_000_000;

/**
 * What is sent, in which order: `total` deliveries, of which 30 % repeat another, a third of them at the same instant as that, and
 * 10 % are forged.
 */
export function planOf(
  total: number,
  { senders, since, random }: { readonly senders: Senders; readonly since: number; readonly random: Random },
): readonly Volley[] {
  const [repeats, forged] = [total * REPEATS, total * FORGED];
  const originals = firstDeliveries(total - repeats - forged - 2 * ODD, since);
  const firsts = originals.map((delivery): Sent & { readonly kind: 'genuine' } => ({
    kind: 'genuine',
    delivery,
    secret: random() < 0.1 ? 'older' : 'newest',
  }));
  const volleys: Sent[][] = firsts.map((one) => [one]);
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const at = below(originals.length, random);
    const copy: Sent = { kind: 'genuine', delivery: originals[at] as Genuine, secret: 'newest' };
    if (random() < 1 / 3) volleys[at]?.push(copy);
    else volleys.push([copy]);
  }
  return shuffled(
    [
      ...volleys,
      ...capturedDeliveries(firsts, random).map((one): Volley => [one]),
      ...Array.from({ length: ODD }, (_, k): Volley => [{ kind: 'unreadable', delivery: unreadable(k) }]),
      ...forgeries(forged, { senders, since, random }).map((one): Volley => [one]),
    ],
    random,
  );
}

/** All sources in turn. */
function firstDeliveries(count: number, since: number): readonly Genuine[] {
  return Array.from({ length: count }, (_, index) => {
    if (index < ODD) return unpublished(index);
    const source = SOURCE_NAMES[index % SOURCE_NAMES.length] as SourceName;
    return genuine(source, Math.floor(index / SOURCE_NAMES.length), since);
  });
}

/** Who records a delivery has its signature, and cannot make another: so these are of one secret with all copies. */
function capturedDeliveries(
  firsts: readonly (Sent & { readonly kind: 'genuine' })[],
  random: Random,
): readonly Sent[] {
  const capturable = firsts.flatMap(({ delivery: original, secret }): readonly Sent[] => {
    const delivery = captured(original);
    return delivery === undefined || secret === 'older' ? [] : [{ kind: 'captured', delivery, original }];
  });
  return shuffled(capturable, random).slice(0, ODD);
}

/** Every way on every source in turn, until there are enough. */
function forgeries(
  count: number,
  { senders, since, random }: { readonly senders: Senders; readonly since: number; readonly random: Random },
): readonly Sent[] {
  const ways = SOURCE_NAMES.flatMap((source, index) => {
    const k = NEVER_SENT + index * 1_000;
    const known = new Map<string, Sent>();
    // Another kind of event of the same source can have other headers to forge.
    for (const offset of [0, 5, 10, 15]) {
      const delivery = genuine(source, k + offset, since);
      for (const forgery of forgeriesOf(delivery, senders)) {
        const sent: Sent = { kind: 'forged', delivery, forgery, place: random() };
        known.set(`${JSON.stringify(forgery)} ${delivery.headers['content-type']}`, sent);
      }
    }
    return [...known.values()];
  });
  const extra = Array.from({ length: Math.max(0, count - ways.length) }, () => pick(ways, random));
  return [...shuffled(ways, random).slice(0, count), ...extra];
}
