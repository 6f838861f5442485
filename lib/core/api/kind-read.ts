import type { Row } from '../conditional-write.ts';
import { sha256 } from '../scheme.ts';
import type { SourceName } from '../source.ts';

/** A kind of resource that was read, and the key that could. */
export interface KindRead {
  readonly kind: string;
  readonly key: KeyMark;
}

declare const keyMark: unique symbol;
/** Tells one key of a source from the next. */
export type KeyMark = string & { readonly [keyMark]: true };

/** Sixteen bits of its hash: enough to notice another key, and no help to whoever would guess one. */
export function markOf(source: SourceName, api: string): KeyMark {
  return sha256(`${source}\n${api}`).slice(0, 4) as KeyMark;
}

/** Kinds are a provider's words; what is no such word is worth no cell. */
const KIND = /^[\w.-]{1,128}$/;

/** A provider has some dozens. */
const MOST_KINDS = 200;

const PREFIX = 'read-';

/** The cells that remember the kind; none when they are there, or when it is none that is remembered. */
export function kindCells(row: Row, { kind, key }: KindRead): Row {
  const name = PREFIX + kind;
  if (!KIND.test(kind) || row[name] === key) return {};
  const isNew = !Object.hasOwn(row, name);
  const known = Object.keys(row).filter((cell) => cell.startsWith(PREFIX)).length;
  return isNew && known >= MOST_KINDS ? {} : { [name]: key };
}

/** Whether the key has read a resource of the kind, in whatever sandbox. */
export function hasRead(row: Row | undefined, { kind, key }: KindRead): boolean {
  return row !== undefined && KIND.test(kind) && row[PREFIX + kind] === key;
}
