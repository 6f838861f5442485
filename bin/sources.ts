import { github, type Sources, standardWebhooks, stripe } from '../lib/index.ts';

/**
 * Your sources. Each is one webhook address, `https://…/<its name>`, with a secret of its own.
 * Change them, then `npm start` to try them here, or deploy them to AWS.
 */
const sources: Sources = {
  // Everything that GitHub sends. Only some of it: events: ['issues.*', 'pull_request.opened'].
  github: { provider: github },

  // Both kinds of Stripe's events at one address: snapshots and thin ones.
  stripe: { provider: stripe },

  // Any sender that follows https://www.standardwebhooks.com: call it as you like.
  'standard-webhooks': { provider: standardWebhooks },

  // Slack, Discord, Twilio, SendGrid, Shopify and Svix come with Headgate too: import them above.
  // A sender that it does not know: hmacSender({ name: 'acme', header: 'x-acme-signature' }), bearerSender, basicSender, or a value
  // that you write: see examples/own-provider.ts.
};

export default sources;
