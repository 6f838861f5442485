import type { EventShape, Provider } from '../core/provider.ts';
import { standardSender } from './standard-webhooks.ts';
import { svix } from './svix.ts';

const ANY: EventShape = {
  id: '{header:svix-id}',
  type: '{body:type}',
  time: { at: '{body:created_at}', unit: 'iso' },
};

/** What carries all of its resource. Of what is read of them nothing tells a time that compares with theirs. */
const STATES = ['contact', 'domain', 'topic'].flatMap((kind) =>
  ['created', 'updated', 'deleted'].map(
    (event): EventShape => ({
      ...ANY,
      when: [{ at: '{body:type}', equals: `${kind}.${event}` }],
      subject: `${kind}/{body:data.id}`,
      version: { at: '{body:created_at}', unit: 'iso' },
      resource: {
        path: `/${kind}s/{body:data.id}`,
        deletion: [{ at: '{body:type}', equals: `${kind}.deleted` }],
      },
    }),
  ),
);

/** What happened to an e-mail is no state of it. */
const EMAILS: readonly EventShape[] = [
  {
    ...ANY,
    when: [{ at: '{body:type}', equals: 'email.received' }],
    resource: {
      subject: 'received-email/{body:data.email_id}',
      path: '/emails/receiving/{body:data.email_id}',
    },
  },
  {
    ...ANY,
    when: [{ at: '{body:type#email.}' }],
    resource: { subject: 'email/{body:data.email_id}', path: '/emails/{body:data.email_id}' },
  },
];

/** Sends by Svix, under its headers. */
export const resend: Provider = {
  name: 'resend',
  title: 'Resend',
  docs: [
    'https://resend.com/docs/dashboard/webhooks/verify-webhooks-requests',
    'https://resend.com/docs/webhooks/retries-and-replays',
    'https://resend.com/docs/dashboard/webhooks/event-types',
    'https://resend.com/docs/api-reference/introduction',
  ],
  scheme: standardSender('svix'),
  events: [...STATES, ...EMAILS, ANY],
  idCoverage: 'signed',
  delivery: { ...svix.delivery, clientErrors: 'retried' },
  api: {
    baseUrls: { live: 'https://api.resend.com' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    // 2 in a second for a whole team, sending included.
    rate: { perSecond: 1, burst: 1 },
    rateLimit: { remaining: 'ratelimit-remaining', reset: { header: 'ratelimit-reset', unit: 'in-s' } },
  },
  setup: [
    'resend.com/webhooks → Add Webhook, with the events that you need. Store its signing secret whole, with whsec_.',
    'After a rotation (POST /webhooks/{id}/signing-secret/rotate) keep the old secret in the list for a day.',
    'Failed messages are sent again for about 28 hours; any message can be replayed on its page.',
    'To reconcile, store an API key with full access (re_…): one that may only send can read nothing. A team may make 2 requests a second by default, so let the source name the `events` that matter; with a higher limit, say it as `rate`.',
  ],
  unverified: ['How long Resend waits for an answer: 15 seconds, the shorter of what senders on Svix name.'],
};
