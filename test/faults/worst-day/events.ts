import type { EpochMs } from '../../../lib/core/request.ts';
import type { Kind } from './kinds.ts';
import type { Stage } from './stage.ts';
import { providerTime, type State, type Thing } from './things.ts';

/** What a provider tells of, once for each change, and now and then for nothing. */
export interface TrueEvent {
  readonly kind: Kind;
  /** `count-2.3`: the provider's id of it; unique in the day. */
  readonly id: string;
  readonly type: string;
  readonly at: EpochMs;
  /** What is published of it; nothing else ever may be. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly about?: { readonly thing: Thing; readonly state: State };
}

/** All events of a source are of things, or pings. */
export function changeEvent(stage: Stage, thing: Thing, state: State): TrueEvent {
  const { kind } = thing;
  const { n, version, text, change } = state;
  const told = kind.events === 'thin' ? {} : { n, text, ...(version === undefined ? {} : { version }) };
  return event(stage, kind, {
    id: `${thing.id}.${n}`,
    type: `thing.${change}`,
    at: state.at,
    payload: { thing: { id: thing.id, ...told } },
    about: { thing, state },
  });
}

export function pingEvent(stage: Stage, kind: Kind, index: number, at: EpochMs): TrueEvent {
  return event(stage, kind, { id: `${kind.name}-ping.${index}`, type: 'ping', at, payload: { zen: index } });
}

/** Where ids and types are headers, the body is without them. */
function event(stage: Stage, kind: Kind, told: Omit<TrueEvent, 'kind'>): TrueEvent {
  const time = providerTime(stage, kind, told.at);
  const head =
    kind.name === 'clock'
      ? {}
      : { id: told.id, type: told.type, time: kind.name === 'bare' ? Math.floor(time / 1000) : time };
  return { kind, ...told, payload: { ...head, ...told.payload } };
}
