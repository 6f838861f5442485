import type { TrueEvent } from './events.ts';
import type { Call } from './gateway.ts';
import type { PublishedEvent } from './published-event.ts';
import { isDocumentOf } from './simulated-api.ts';
import type { Stage } from './stage.ts';
import type { Thing } from './things.ts';

/** P1: nothing forged enters. */
export interface OriginAudit {
  /** A provider has told of it. */
  know(event: TrueEvent): void;
  arrived(call: Call): void;
  answered(call: Call, status: number): void;
  published(event: PublishedEvent): void;
}

/** Genuine bytes under an id of a stranger's: what they are, and as what he sends them. */
interface Relabelled {
  readonly of: TrueEvent;
  readonly type: string;
}

export function auditOrigin(stage: Stage): OriginAudit {
  const things = new Map<string, Thing>();
  /** Of one key there may be two, where a provider makes a mistake. */
  const genuine = new Map<string, readonly TrueEvent[]>();
  const relabelled = new Map<string, Relabelled>();
  const broken = (words: string, about: string): void =>
    stage.broken({ promise: 'P1', words, about: [about] });
  const isGenuineResource = ({ resource, subject = '' }: PublishedEvent): boolean => {
    const thing = things.get(subject);
    if (resource === undefined) return true;
    return thing?.states.some((state) => isDocumentOf(thing, state, resource)) ?? false;
  };
  return {
    know(event) {
      const key = `${event.kind.name} ${event.id}`;
      if (event.about !== undefined) things.set(event.about.thing.subject, event.about.thing);
      genuine.set(key, [...(genuine.get(key) ?? []), event]);
    },
    arrived({ from }) {
      if (from.kind === 'relabeller')
        relabelled.set(`${from.of.kind.name} ${from.id}`, { of: from.of, type: from.type });
    },
    answered({ name, from }, status) {
      const accepted = status >= 200 && status < 300;
      if (from.kind === 'forger' && accepted) broken(`${name}, ${from.how}, is answered ${status}`, name);
    },
    published(event) {
      const words = isGenuineResource(event)
        ? wrongIn(event, genuine.get(event.key) ?? [], relabelled.get(event.key))
        : 'is published with a resource that never was so';
      if (words !== undefined) broken(`${event.id} ${words}`, event.id);
    },
  };
}

/** @param sent what was sent under its id. */
function wrongIn(
  event: PublishedEvent,
  sent: readonly TrueEvent[],
  relabelled: Relabelled | undefined,
): string | undefined {
  const { payload, type, repeatof } = event;
  if (sent.length > 0) {
    if (sent.every((one) => payload !== JSON.stringify(one.payload)))
      return 'is published with another payload than was sent';
    return sent.some((one) => type === `${one.kind.name}.${one.type}`)
      ? undefined
      : `is published as ${type}`;
  }
  if (relabelled === undefined) return 'is published, and no provider has sent it';
  const { of } = relabelled;
  if (relabelled.type !== of.type) return 'is published, though its signature came before with another type';
  return repeatof === of.id ? undefined : `is published as new, though it is ${of.id} under another id`;
}
