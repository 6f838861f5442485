import type { Version } from './event.ts';
import type { Count, Instant } from './provider.ts';
import type { EpochMs } from './request.ts';

/** Outside of these an instant is a mistake (milliseconds in a field of seconds, year 1): better none than a wrong order. */
const EARLIEST = Date.UTC(1990, 0);
const LATEST = Date.UTC(2200, 0);

const VERSION_DIGITS = 20;
const NANOS_PER_MS = 1_000_000n;

/**
 * When something happened, in ms since the Unix epoch; undefined when the text is no such instant.
 * @example timeOf('2024-10-18T14:42:53.064834', 'iso') // 1729262573064
 */
export function timeOf(text: string, unit: Instant['unit']): EpochMs | undefined {
  const nanos = nanosOf(text, unit);
  return nanos === undefined ? undefined : Number(nanos / NANOS_PER_MS);
}

/**
 * The order of a state. Instants count in ns whatever their unit, so that shapes of one subject can differ in it.
 * @example versionOf('1729262573', 's') // '01729262573000000000'
 */
export function versionOf(text: string, unit: (Instant | Count)['unit']): Version | undefined {
  const digits = unit === 'integer' ? /^0*(\d+)$/.exec(text)?.[1] : nanosOf(text, unit)?.toString();
  if (digits === undefined || digits.length > VERSION_DIGITS) return undefined;
  return digits.padStart(VERSION_DIGITS, '0') as Version;
}

function nanosOf(text: string, unit: Instant['unit']): bigint | undefined {
  switch (unit) {
    case 's':
      return decimalNanos(/^(\d+)$/.exec(text));
    case 'decimal':
      return decimalNanos(/^(\d+)(?:\.(\d+))?$/.exec(text));
    case 'ms':
      return /^\d{1,16}$/.test(text) ? plausible(Number(text), 0n) : undefined;
    case 'iso':
      return isoNanos(text);
  }
}

function decimalNanos(match: RegExpExecArray | null): bigint | undefined {
  const seconds = match?.[1];
  if (seconds === undefined || seconds.length > 12) return undefined;
  return plausible(Number(seconds) * 1000, fractionNanos(match?.[2]));
}

/**
 * RFC 3339, with these liberties: no zone means UTC, and `UTC` is one; the zone's colon and minutes may be missing, and a space may
 * stand before it (GitLab); digits beyond ns are cut off.
 */
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:[Zz]| UTC| ?([+-])(\d{2}):?(\d{2})?)?$/;

function isoNanos(text: string): bigint | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const part = (index: number): number => Number(match[index] ?? 0);
  const day = Date.UTC(part(1), part(2) - 1, part(3));
  // Date.UTC rolls over what no calendar has: 31 April would be 1 May.
  if (new Date(day).toISOString().slice(0, 10) !== text.slice(0, 10)) return undefined;
  const [hour, minute, second, zoneHours, zoneMinutes] = [part(4), part(5), part(6), part(9), part(10)];
  // A leap second is the first of the next minute.
  if (hour > 23 || minute > 59 || second > 60 || zoneHours > 23 || zoneMinutes > 59) return undefined;
  const offset = (match[8] === '-' ? -1 : 1) * (zoneHours * 60 + zoneMinutes);
  const ms = day + ((hour * 60 + minute - offset) * 60 + second) * 1000;
  return plausible(ms, fractionNanos(match[7]));
}

function fractionNanos(digits: string | undefined): bigint {
  return digits === undefined ? 0n : BigInt(digits.slice(0, 9).padEnd(9, '0'));
}

function plausible(ms: number, nanos: bigint): bigint | undefined {
  return ms >= EARLIEST && ms < LATEST ? BigInt(ms) * NANOS_PER_MS + nanos : undefined;
}
