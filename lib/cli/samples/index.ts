import { adyen } from './adyen.ts';
import { cloudevents } from './cloudevents.ts';
import { discord } from './discord.ts';
import { github } from './github.ts';
import { mailgun } from './mailgun.ts';
import { microsoftGraphRich } from './microsoft-graph.ts';
import { mollieClassic } from './mollie-classic.ts';
import { salesforce } from './salesforce.ts';
import type { SampleBook } from './sample.ts';
import { sendgrid } from './sendgrid.ts';
import { sentry } from './sentry.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import { sns } from './sns.ts';
import { standardWebhooks, svix } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';
import { twilio } from './twilio.ts';
import { woocommerce } from './woocommerce.ts';

/** What each provider sends, by the provider's name. */
export const sampleBooks: Readonly<Record<string, SampleBook>> = {
  github,
  stripe,
  'standard-webhooks': standardWebhooks,
  svix,
  slack,
  discord,
  twilio,
  sendgrid,
  shopify,
  adyen,
  cloudevents,
  mailgun,
  'microsoft-graph-rich': microsoftGraphRich,
  'mollie-classic': mollieClassic,
  woocommerce,
  salesforce,
  sentry,
  sns,
};
