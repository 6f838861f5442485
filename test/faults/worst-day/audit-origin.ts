import type { TrueEvent } from './events.ts';
import type { Call } from './gateway.ts';
import type { PublishedEvent } from './published-event.ts';
import type { Stage } from './stage.ts';

/** P1: nothing forged enters. */
export interface OriginAudit {
  /** A provider has told of it. */
  know(event: TrueEvent): void;
  answered(call: Call, status: number): void;
  published(event: PublishedEvent): void;
}

export function auditOrigin(stage: Stage): OriginAudit {
  /** Of one key there may be two, where a provider makes a mistake. */
  const genuine = new Map<string, readonly TrueEvent[]>();
  /** Of genuine bytes under an id of a stranger's: what they are, and as what they may be published. */
  const relabelled = new Map<string, { readonly of: TrueEvent; readonly type: string }>();
  const broken = (words: string, about: string): void =>
    stage.broken({ promise: 'P1', words, about: [about] });
  return {
    know(event) {
      const key = `${event.kind.name} ${event.id}`;
      genuine.set(key, [...(genuine.get(key) ?? []), event]);
    },
    answered({ name, from }, status) {
      const accepted = status >= 200 && status < 300;
      if (from.kind === 'forger' && accepted) broken(`${name}, ${from.how}, is answered ${status}`, name);
      if (from.kind === 'relabeller')
        relabelled.set(`${from.of.kind.name} ${from.id}`, { of: from.of, type: from.type });
    },
    published(event) {
      const { key, id, payload, repeatof } = event;
      const [own, ...others] = genuine.get(key) ?? [];
      if (own !== undefined) {
        if (![own, ...others].some((one) => payload === JSON.stringify(one.payload)))
          broken(`${id} is published with another payload than was sent`, id);
        if (event.type !== `${own.kind.name}.${own.type}`) broken(`${id} is published as ${event.type}`, id);
        return;
      }
      const other = relabelled.get(key);
      if (other === undefined) return broken(`${id} is published, and no provider has sent it`, id);
      if (other.type !== other.of.type)
        broken(`${id} is published, though its signature came before with another type`, id);
      else if (repeatof !== other.of.id)
        broken(`${id} is published as new, though it is ${other.of.id} under another id`, id);
    },
  };
}
