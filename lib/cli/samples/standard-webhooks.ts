import { type Fresh, json, type SampleBody, type SampleBook } from './sample.ts';

/** The body that the standard recommends. */
function event(
  type: string,
  data: (fresh: Fresh) => Readonly<Record<string, unknown>>,
): (fresh: Fresh) => SampleBody {
  return (fresh) => json({ type, timestamp: new Date(fresh.now).toISOString(), data: data(fresh) });
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const standardWebhooks: SampleBook = {
  bodies: {
    'invoice.paid': event('invoice.paid', (fresh) => ({
      id: `inv_${fresh.text(20)}`,
      number: '2026-0042',
      amount: '20.00',
      currency: 'EUR',
      status: 'paid',
    })),
    'contact.created': event('contact.created', (fresh) => ({
      id: `con_${fresh.text(20)}`,
      first_name: 'John',
      last_name: 'Smith',
      email: 'john.smith@example.com',
    })),
  },
};

/** What two well-known senders on Svix send, but for the envelope, which is their own. */
export const svix: SampleBook = {
  bodies: {
    'user.created': event('user.created', (fresh) => ({
      id: `user_${fresh.text(27)}`,
      object: 'user',
      first_name: 'Jenny',
      last_name: 'Rosen',
      email_addresses: [{ id: `idn_${fresh.text(27)}`, email_address: 'jenny.rosen@example.com' }],
      created_at: fresh.now,
      updated_at: fresh.now,
    })),
    'email.delivered': event('email.delivered', (fresh) => ({
      id: fresh.uuid(),
      from: 'Acme <hello@example.com>',
      to: ['jenny.rosen@example.com'],
      subject: 'Welcome',
    })),
  },
};
