import type { Provider } from '../core/provider.ts';

/** Log streams to a custom webhook: records, each an event, in a list, in lines or alone. Nothing is signed. */
export const auth0: Provider = {
  name: 'auth0',
  title: 'Auth0',
  docs: [
    'https://auth0.com/docs/customize/log-streams',
    'https://auth0.com/docs/customize/log-streams/custom-log-streams',
    'https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes',
  ],
  scheme: { kind: 'token', header: 'authorization' },
  document: { step: 'json-lines' },
  split: 'items',
  events: [
    {
      id: '{body:log_id}',
      type: '{body:data.type}',
      time: { at: '{body:data.date}', unit: 'iso' },
    },
  ],
  idCoverage: 'signed',
  delivery: {
    timeoutMs: 5_000,
    retries: { spanSeconds: 604_800 },
    clientErrors: 'retried',
    disabling:
      'No success for 7 days in a row: the stream is paused. Resume it by hand under Monitoring → Streams.',
  },
  setup: [
    'Dashboard → Monitoring → Streams → Create Stream → Custom Webhook. Content Type: application/json. Any Content Format will do: JSON Lines, JSON Array or JSON Object.',
    'Authorization Token: a long random text of your own. Store exactly that text; if you put "Bearer " before it there, store it with that.',
    'Each log record is an event of its own; its type is the short code that Auth0 gives, such as s or fp.',
  ],
  unverified: [
    'How long Auth0 waits for an answer: 5 seconds are taken.',
    'What a 4xx does: its pages name only servers that cannot be reached, and no status that would end the attempts.',
  ],
};
