import ownProviders from '../../../examples/own-provider.ts';
import {
  discord,
  github,
  type Sources,
  sendgrid,
  shopify,
  slack,
  standardWebhooks,
  stripe,
  svix,
  twilio,
} from '../../../lib/index.ts';

/** Every provider at once, and a user's own in every kind of scheme. */
const sources: Sources = {
  github: { provider: github },
  stripe: { provider: stripe },
  'standard-webhooks': { provider: standardWebhooks },
  svix: { provider: svix },
  slack: { provider: slack },
  discord: { provider: discord },
  twilio: { provider: twilio },
  sendgrid: { provider: sendgrid },
  shopify: { provider: shopify, repeatedContent: 'refuse' },
  ...ownProviders,
};

export default sources;
