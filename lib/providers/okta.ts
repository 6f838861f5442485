import type { Provider } from '../core/provider.ts';

/**
 * Event hooks: what the System Log tells, in batches. Nothing is signed. The envelope is that of the request: an event is the same
 * whichever hook brings it, and in whichever batch.
 */
export const okta: Provider = {
  name: 'okta',
  title: 'Okta',
  docs: [
    'https://developer.okta.com/docs/concepts/event-hooks/',
    'https://developer.okta.com/docs/guides/event-hook-implementation/',
    'https://developer.okta.com/docs/reference/api/event-types/?q=event-hook-eligible',
  ],
  scheme: { kind: 'token', header: 'authorization' },
  handshakes: [
    {
      method: 'GET',
      guard: 'none',
      when: [{ at: '{header:x-okta-verification-challenge}' }],
      answer: { status: 200, json: { verification: '{header:x-okta-verification-challenge}' } },
    },
  ],
  split: ['data.events.*'],
  events: [
    {
      id: '{body:data.events.0.uuid}',
      type: '{body:data.events.0.eventType}',
      time: { at: '{body:data.events.0.published}', unit: 'iso' },
    },
  ],
  idCoverage: 'signed',
  volatile: ['eventId', 'eventTime', 'source'],
  delivery: { timeoutMs: 3_000, retries: { spanSeconds: 300 }, clientErrors: 'dropped' },
  setup: [
    'Admin Console → Workflow → Event Hooks → Create Event Hook, with the source’s URL and the events. Deploy first: Verify asks the URL for a challenge.',
    'Authentication field: authorization. Authentication secret: a long random text of your own. Store exactly that text.',
    'A failed delivery is tried once more, and after a 4xx not at all: store the secret before the hook is made. What was missed stands in the System Log.',
    'Events come late, more than once and in any order; each of a batch is an event of its own.',
  ],
  unverified: [
    'When the one retry comes: within 5 minutes is taken.',
    'Whether the challenge carries the secret, too: it is answered without, since it only repeats what came.',
    'Whether a hook that keeps failing is switched off.',
  ],
};
