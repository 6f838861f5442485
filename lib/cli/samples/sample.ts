import { randomInt, randomUUID } from 'node:crypto';
import type { EpochMs } from '../../core/request.ts';

/** A delivery as its provider would send it, but for the signature. */
export interface Sample {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Where the scheme has several families of headers: the signature header of the one that comes with this kind of delivery. */
  readonly signatureHeader?: string;
}

/** What a provider sends, by the type of event as Headgate reads it. */
export interface SampleBook {
  /** The first is sent when no type was asked for. A batch goes by the type of its first event. */
  readonly bodies: Readonly<Record<string, (fresh: Fresh) => SampleBody>>;
  /** For providers that tell the type in a header: the headers that come with an event of the type, which may be any. */
  readonly headers?: (type: string, fresh: Fresh) => Readonly<Record<string, string>>;
  readonly signatureHeader?: string;
}

export interface SampleBody {
  readonly contentType: string;
  readonly text: string;
}

/** What is new in each delivery. */
export interface Fresh {
  readonly now: EpochMs;
  readonly uuid: () => string;
  /** As many random digits, of which the first is not 0. */
  readonly digits: (count: number) => string;
  /** As many random letters and digits, of which the first is a letter. */
  readonly text: (count: number) => string;
  /** As many random hex digits. */
  readonly hex: (count: number) => string;
}

export function freshAt(now: EpochMs): Fresh {
  return {
    now,
    uuid: randomUUID,
    digits: (count) => pick('123456789', 1) + pick('0123456789', count - 1),
    text: (count) => pick(LETTERS, 1) + pick(`${LETTERS}0123456789`, count - 1),
    hex: (count) => pick('0123456789abcdef', count),
  };
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function pick(from: string, count: number): string {
  return Array.from({ length: count }, () => from.charAt(randomInt(from.length))).join('');
}

/** @param indent as the provider writes it. */
export function json(value: unknown, indent?: number): SampleBody {
  return { contentType: 'application/json', text: JSON.stringify(value, undefined, indent) };
}

export function form(fields: Readonly<Record<string, string>>): SampleBody {
  return {
    contentType: 'application/x-www-form-urlencoded',
    text: new URLSearchParams(fields).toString(),
  };
}

/** RFC 3339 in whole seconds: `2026-11-24T10:00:00Z`. */
export function isoSeconds(now: EpochMs): string {
  return new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
}

export function seconds(now: EpochMs): number {
  return Math.floor(now / 1000);
}
