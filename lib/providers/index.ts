import type { Provider } from '../core/provider.ts';
import { adyen } from './adyen.ts';
import { adyenPlatform } from './adyen-platform.ts';
import { bitbucket } from './bitbucket.ts';
import { discord } from './discord.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { hubspot, hubspotV1, hubspotV2 } from './hubspot.ts';
import { intercom } from './intercom.ts';
import { lemonSqueezy } from './lemon-squeezy.ts';
import { mailgun } from './mailgun.ts';
import { paddle } from './paddle.ts';
import { paypal } from './paypal.ts';
import { razorpay } from './razorpay.ts';
import { sendgrid } from './sendgrid.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import { square } from './square.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';
import { svix } from './svix.ts';
import { twilio } from './twilio.ts';
import { x } from './x.ts';
import { zendesk } from './zendesk.ts';
import { zoom } from './zoom.ts';

export {
  adyen,
  adyenPlatform,
  bitbucket,
  discord,
  github,
  gitlab,
  hubspot,
  hubspotV1,
  hubspotV2,
  intercom,
  lemonSqueezy,
  mailgun,
  paddle,
  paypal,
  razorpay,
  sendgrid,
  shopify,
  slack,
  square,
  standardWebhooks,
  stripe,
  svix,
  twilio,
  x,
  zendesk,
  zoom,
};

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
  gitlab,
  bitbucket,
  paypal,
  square,
  adyen,
  adyenPlatform,
  hubspot,
  hubspotV2,
  hubspotV1,
  mailgun,
  paddle,
  razorpay,
  lemonSqueezy,
  zendesk,
  intercom,
  zoom,
  x,
];
