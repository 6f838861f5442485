import type { Provider } from '../core/provider.ts';
import { discord } from './discord.ts';
import { github } from './github.ts';
import { sendgrid } from './sendgrid.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';
import { svix } from './svix.ts';
import { twilio } from './twilio.ts';

export { discord, github, sendgrid, shopify, slack, standardWebhooks, stripe, svix, twilio };

/** Every provider that comes with Headgate. */
export const providers: readonly Provider[] = [
  github,
  stripe,
  standardWebhooks,
  svix,
  slack,
  discord,
  twilio,
  sendgrid,
  shopify,
];
