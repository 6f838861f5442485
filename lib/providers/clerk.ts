import type { EventShape, Provider } from '../core/provider.ts';
import { standardSender } from './standard-webhooks.ts';
import { svix } from './svix.ts';

const ANY: EventShape = {
  id: '{header:svix-id}',
  type: '{body:type}',
  subject: '{body:data.object}/{body:data.id}',
  time: { at: '{body:timestamp}', unit: 'ms' },
};

/** Sends by Svix, under its headers. A deletion has no time of its object, but comes after all of its changes. */
export const clerk: Provider = {
  name: 'clerk',
  title: 'Clerk',
  docs: [
    'https://clerk.com/docs/guides/development/webhooks/overview',
    'https://clerk.com/docs/guides/development/webhooks/syncing',
    'https://clerk.com/docs/reference/backend/verify-webhook',
  ],
  scheme: standardSender('svix'),
  events: [
    {
      ...ANY,
      when: [{ at: '{body:data.updated_at}' }],
      version: { at: '{body:data.updated_at}', unit: 'ms' },
    },
    { ...ANY, version: { at: '{body:timestamp}', unit: 'ms' } },
  ],
  idCoverage: 'signed',
  delivery: svix.delivery,
  setup: [
    'Clerk Dashboard → Configure → Webhooks → Add Endpoint, with the events that you need. Store its signing secret whole, with whsec_.',
    'Development and production instances have endpoints, and so secrets, of their own: several on one source are a list.',
    'Failed messages are sent again for about 28 hours; any message can be sent again from the endpoint’s page.',
  ],
  unverified: [
    'That `timestamp` is the time of the event, not of an attempt: of a deletion it stands for the time of its object.',
    'How long Clerk waits for an answer, and how long it sends again: what Svix does by default.',
  ],
};
