import type { EventShape, Provider } from '../core/provider.ts';
import { standardSender } from './standard-webhooks.ts';
import { svix } from './svix.ts';

const ANY: EventShape = {
  id: '{header:svix-id}',
  type: '{body:type}',
  time: { at: '{body:created_at}', unit: 'iso' },
};

/** What carries all of its resource. What happened to an e-mail is no state of it. */
const STATES = ['contact', 'domain', 'topic'].flatMap((kind) =>
  ['created', 'updated', 'deleted'].map(
    (event): EventShape => ({
      ...ANY,
      when: [{ at: '{body:type}', equals: `${kind}.${event}` }],
      subject: `${kind}/{body:data.id}`,
      version: { at: '{body:created_at}', unit: 'iso' },
    }),
  ),
);

/** Sends by Svix, under its headers. */
export const resend: Provider = {
  name: 'resend',
  title: 'Resend',
  docs: [
    'https://resend.com/docs/dashboard/webhooks/verify-webhooks-requests',
    'https://resend.com/docs/webhooks/retries-and-replays',
    'https://resend.com/docs/dashboard/webhooks/event-types',
  ],
  scheme: standardSender('svix'),
  events: [...STATES, ANY],
  idCoverage: 'signed',
  delivery: { ...svix.delivery, clientErrors: 'retried' },
  setup: [
    'resend.com/webhooks → Add Webhook, with the events that you need. Store its signing secret whole, with whsec_.',
    'After a rotation (POST /webhooks/{id}/signing-secret/rotate) keep the old secret in the list for a day.',
    'Failed messages are sent again for about 28 hours; any message can be replayed on its page.',
  ],
  unverified: ['How long Resend waits for an answer: 15 seconds, the shorter of what senders on Svix name.'],
};
