import { createHash } from 'node:crypto';
import type { Expected, Genuine } from './genuine.ts';

/** A delivery with what its source alone decides; the rest is usual. */
export type Draft = Pick<Genuine, 'body' | 'headers'> &
  Partial<Genuine> & { readonly about: readonly Omit<Expected, 'source'>[] };

/** Which of a source's deliveries it is. */
export interface Turn {
  readonly k: number;
  readonly subject: number;
  /** From 1, without a gap. */
  readonly version: number;
  /** When the resource came into this state. */
  readonly at: number;
  /** Before all of them; epoch ms in whole seconds. */
  readonly since: number;
}

export const JSON_TYPE = { 'content-type': 'application/json' } as const;
export const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' } as const;

export function json(text: string): Pick<Draft, 'body' | 'headers'> {
  return { headers: JSON_TYPE, body: Buffer.from(text) };
}

export function form(fields: Readonly<Record<string, string>>): Pick<Draft, 'body' | 'headers'> {
  return { headers: FORM_TYPE, body: Buffer.from(new URLSearchParams(fields).toString()) };
}

export function iso(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
