import type { Provider } from '../core/provider.ts';
import { standardSender } from './standard-webhooks.ts';

/**
 * HTTPS webhooks: Standard Webhooks, with the client secret as text. A notification names a resource that changed and carries nothing
 * of it, so it is no state. Its `hash` is that of equal contents, not of a delivery: without a time in them, of every update.
 */
export const bigcommerce: Provider = {
  name: 'bigcommerce',
  title: 'BigCommerce',
  docs: [
    'https://developer.bigcommerce.com/docs/integrations/webhooks/http',
    'https://developer.bigcommerce.com/docs/integrations/webhooks/events',
    'https://developer.bigcommerce.com/docs/webhooks/webhooks/manage-webhooks-bulk',
  ],
  scheme: standardSender('webhook', { encoding: 'utf8' }),
  events: [
    {
      id: '{header:webhook-id}',
      type: '{body:scope}',
      time: { at: '{body:created_at}', unit: 's' },
    },
  ],
  idCoverage: 'signed',
  delivery: {
    timeoutMs: 5_000,
    retries: { spanSeconds: 173_040 },
    clientErrors: 'retried',
    disabling:
      'Under 90 % of successes within 2 minutes, from 100 requests on, the whole domain waits for 3 minutes; a delivery that fails for 48 hours deactivates its webhook, and so do 90 days without one: set is_active again by PUT /v3/hooks/{id}.',
  },
  setup: [
    'Create webhooks by POST /stores/{store_hash}/v3/hooks with scope and destination; a new one needs up to a minute.',
    'Store the client secret of the API account whose token created the webhook, as text: it is not decoded.',
    'What you register under `headers` is sent along, but not looked at: the signature covers more.',
    'Payloads hold only a type and an id: read the rest from the API.',
    'A wildcard scope such as store/order/* brings several events for one change.',
  ],
  unverified: [
    'How long BigCommerce waits for an answer: 5 seconds.',
    'Whether every webhook is signed, whichever API or account made it: one that is not is refused.',
    'Whether a retry keeps its webhook-id, as the standard asks: were it new, the notification would be published again.',
    'Whether an old client secret still signs after a reset: keep both in the list for a day.',
  ],
};
