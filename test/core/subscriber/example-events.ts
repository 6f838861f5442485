import type { HeadgateEvent } from '../../../lib/core/subscriber/headgate-event.ts';

/** An event about no resource. */
export const star: HeadgateEvent = {
  specversion: '1.0',
  id: 'd1',
  source: 'urn:headgate:local:github',
  type: 'github.star.created',
  verdict: 'fresh',
  origin: 'webhook',
  receivedtime: '2026-11-24T10:00:00.000Z',
  data: { payload: { action: 'created' } },
};

/** The n-th state of an issue. */
export function issue(n: number, subject = 'repositories/1/issues/7'): HeadgateEvent {
  return {
    ...star,
    id: `${subject}@${n}`,
    type: 'github.issues.edited',
    subject,
    time: '2026-11-24T09:59:59Z',
    sequence: String(1_795_170_000_000_000 + n),
    data: { payload: { issue: { title: `title ${n}` } } },
  };
}
