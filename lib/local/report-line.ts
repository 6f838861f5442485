import type { Standing } from '../core/event.ts';
import { rejectionStatus } from '../core/rejection.ts';
import type { DeliveryReport, EventReport, FetchReport, IntakeReport, Report } from '../core/report.ts';
import type { EpochMs } from '../core/request.ts';
import { printableText } from './printable-text.ts';
import type { Meaning, Paint } from './report-paint.ts';

/** How a report reads: one word, and what was decided and why. */
interface Reading {
  readonly meaning: Meaning;
  readonly word: string;
  readonly text: string;
}

export interface ReportLineOptions {
  readonly paint: Paint;
  /** When the report was made. */
  readonly now: EpochMs;
  /** Of the longest source's name, so that lines stand below each other. */
  readonly width: number;
}

const WORD_WIDTH = 'unavailable'.length;

/**
 * A report as one line for a person, without its end.
 * @example
 * reportLine(report, { paint, now: Date.now(), width: 6 })
 * // '12:04:31  github  published    issues.opened 72d3162e: the newest state of issue/1; 12 ms after it came  (4f0c9d21)'
 */
export function reportLine(report: Report, { paint, now, width }: ReportLineOptions): string {
  const { meaning, word, text } = readingOf(report);
  return [
    paint('aside', clock(now)),
    report.source.padEnd(width),
    paint(meaning, word.padEnd(WORD_WIDTH)),
    printableText(text),
    ...('delivery' in report ? [paint('aside', `(${printableText(report.delivery.slice(0, 8))})`)] : []),
  ].join('  ');
}

function readingOf(report: Report): Reading {
  switch (report.kind) {
    case 'intake':
      return readIntake(report);
    case 'event':
      return readEvent(report);
    case 'delivery':
      return readDelivery(report);
    case 'fetch':
      return readFetch(report);
  }
}

function readIntake(report: IntakeReport): Reading {
  const size = `${report.bytes.toLocaleString('en')} bytes in ${report.durationMs} ms`;
  switch (report.outcome) {
    case 'accepted': {
      const place = report.place === 'store' ? 'queued, its body in the bucket' : 'queued';
      const text = `${proved(report.secret)}; ${place}; ${size}`;
      if (report.dropped === undefined) return { meaning: 'good', word: 'accepted', text };
      const without = `without ${report.dropped} of its items, which did not prove their origin`;
      return { meaning: 'notice', word: 'accepted', text: `${without}; ${text}` };
    }
    case 'spilled':
      return {
        meaning: 'notice',
        word: 'spilled',
        text: `${proved(report.secret)}, but the queue failed, so it lies in the bucket: ${report.cause}`,
      };
    case 'handshake':
      return {
        meaning: 'good',
        word: 'handshake',
        text: "the provider's check of the URL is answered; nothing is published from it",
      };
    case 'installed':
      return {
        meaning: 'notice',
        word: 'installed',
        text: "the secret that the provider's check of the URL has brought is stored: take setup out of the source now",
      };
    case 'filtered':
      return {
        meaning: 'notice',
        word: 'filtered',
        text: `${report.type} is not among the events of this source: acknowledged, not queued`,
      };
    case 'rejected':
      return {
        meaning: 'bad',
        word: 'refused',
        text: `${report.reason} (${rejectionStatus(report.reason)}): ${report.explanation}`,
      };
    case 'unavailable':
      return { meaning: 'bad', word: 'unavailable', text: `answered 503: ${report.cause}` };
  }
}

function proved(secret: 'newest' | 'older'): string {
  return secret === 'newest' ? 'origin proved' : 'origin proved by an older secret';
}

function readEvent(report: EventReport): Reading {
  const event = `${report.type} ${report.id}`;
  switch (report.outcome) {
    case 'published': {
      const repeat =
        report.repeatOf === undefined ? '' : `; its bytes came before, as ${report.repeatOf} (repeatof)`;
      return {
        meaning: report.standing.verdict === 'unconfirmed' || repeat !== '' ? 'notice' : 'good',
        word: 'published',
        text: `${event}: ${standing(report.standing, report.subject)}${repeat}; ${report.latencyMs} ms after it came`,
      };
    }
    case 'duplicate':
      return {
        meaning: 'notice',
        word: 'duplicate',
        text: `${event}: published before, so not published again`,
      };
    case 'busy':
      return {
        meaning: 'aside',
        word: 'busy',
        text: `${event}: it is being worked on for another delivery; looked at again after that`,
      };
    case 'deferred':
      return {
        meaning: 'notice',
        word: 'deferred',
        text: `${event}: tried again later, for ${report.cause}`,
      };
    case 'dead':
      return {
        meaning: 'bad',
        word: 'dead letter',
        text: `${event}: ${report.reason}: ${report.explanation}`,
      };
  }
}

function standing({ verdict }: Standing, subject: string | undefined): string {
  switch (verdict) {
    case 'fresh':
      return subject === undefined ? 'about no resource, so without order' : `the newest state of ${subject}`;
    case 'gone':
      return `${subject} is deleted`;
    case 'superseded':
      return `superseded: a newer state of ${subject} is out`;
    case 'unconfirmed':
      return subject === undefined
        ? 'its order is unknown'
        : `its order among the states of ${subject} is unknown`;
  }
}

function readDelivery(report: DeliveryReport): Reading {
  switch (report.outcome) {
    case 'dead':
      return { meaning: 'bad', word: 'dead letter', text: `${report.reason}: ${report.explanation}` };
    case 'deferred':
      return {
        meaning: 'notice',
        word: 'deferred',
        text: `tried again later: ${report.reason}: ${report.explanation}`,
      };
    case 'filtered':
      return {
        meaning: 'notice',
        word: 'filtered',
        text: `events that are not among those of this source, and so not published: ${report.count}`,
      };
  }
}

function readFetch(report: FetchReport): Reading {
  const asked = `${report.path}, by the provider's API, in ${report.durationMs} ms`;
  if (report.outcome !== 'unknown') return { meaning: 'good', word: report.outcome, text: asked };
  return { meaning: 'notice', word: 'unknown', text: `${asked}: ${report.reason}: ${report.cause}` };
}

function clock(now: EpochMs): string {
  return new Date(now).toLocaleTimeString('en-GB');
}
