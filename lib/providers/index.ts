import type { Provider } from '../core/provider.ts';
import { adyen } from './adyen.ts';
import { adyenPlatform } from './adyen-platform.ts';
import { anthropic } from './anthropic.ts';
import { asana } from './asana.ts';
import { atlassianConnect, jiraOauth } from './atlassian-connect.ts';
import { auth0 } from './auth0.ts';
import { basic, basicSender } from './basic.ts';
import { bearer, bearerSender } from './bearer.ts';
import { bigcommerce } from './bigcommerce.ts';
import { bitbucket } from './bitbucket.ts';
import { box } from './box.ts';
import { clerk } from './clerk.ts';
import { cloudevents } from './cloudevents.ts';
import { contentful } from './contentful.ts';
import { discord } from './discord.ts';
import { docusign } from './docusign.ts';
import { dropbox } from './dropbox.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { hmac, hmacSender } from './hmac.ts';
import { hubspot, hubspotV1, hubspotV2 } from './hubspot.ts';
import { intercom } from './intercom.ts';
import { lemonSqueezy } from './lemon-squeezy.ts';
import { mailgun } from './mailgun.ts';
import { instagram, messenger, meta, whatsapp } from './meta.ts';
import { microsoftGraph, microsoftGraphRich } from './microsoft-graph.ts';
import { mollie, mollieClassic } from './mollie.ts';
import { notion } from './notion.ts';
import { okta } from './okta.ts';
import { openai } from './openai.ts';
import { paddle } from './paddle.ts';
import { paypal } from './paypal.ts';
import { pipedrive } from './pipedrive.ts';
import { postmark } from './postmark.ts';
import { razorpay } from './razorpay.ts';
import { resend } from './resend.ts';
import { salesforce } from './salesforce.ts';
import { sanity } from './sanity.ts';
import { sendgrid } from './sendgrid.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import { sns } from './sns.ts';
import { square } from './square.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';
import { svix } from './svix.ts';
import { telegram } from './telegram.ts';
import { twilio } from './twilio.ts';
import { vercel } from './vercel.ts';
import { woocommerce } from './woocommerce.ts';
import { workos } from './workos.ts';
import { x } from './x.ts';
import { zendesk } from './zendesk.ts';
import { zoom } from './zoom.ts';

export type { BearerOptions } from './bearer.ts';
export type { HmacOptions } from './hmac.ts';
export type { SenderOptions } from './sender.ts';

import { calendly } from './calendly.ts';
import { confluence } from './confluence.ts';
import { jira } from './jira.ts';
import { linear } from './linear.ts';
import { pagerduty } from './pagerduty.ts';
import { sentry } from './sentry.ts';
import { trello } from './trello.ts';
import { typeform } from './typeform.ts';

export {
  adyen,
  adyenPlatform,
  anthropic,
  asana,
  atlassianConnect,
  auth0,
  basic,
  basicSender,
  bearer,
  bearerSender,
  bigcommerce,
  bitbucket,
  box,
  calendly,
  clerk,
  cloudevents,
  confluence,
  contentful,
  discord,
  docusign,
  dropbox,
  github,
  gitlab,
  hmac,
  hmacSender,
  hubspot,
  hubspotV1,
  hubspotV2,
  instagram,
  intercom,
  jira,
  jiraOauth,
  lemonSqueezy,
  linear,
  mailgun,
  messenger,
  meta,
  microsoftGraph,
  microsoftGraphRich,
  mollie,
  mollieClassic,
  notion,
  okta,
  openai,
  paddle,
  pagerduty,
  paypal,
  pipedrive,
  postmark,
  razorpay,
  resend,
  salesforce,
  sanity,
  sendgrid,
  sentry,
  shopify,
  slack,
  sns,
  square,
  standardWebhooks,
  stripe,
  svix,
  telegram,
  trello,
  twilio,
  typeform,
  vercel,
  whatsapp,
  woocommerce,
  workos,
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
  meta,
  whatsapp,
  messenger,
  instagram,
  pipedrive,
  auth0,
  postmark,
  telegram,
  basic,
  bearer,
  hmac,
  woocommerce,
  bigcommerce,
  workos,
  box,
  dropbox,
  mollie,
  mollieClassic,
  contentful,
  docusign,
  sanity,
  vercel,
  resend,
  clerk,
  openai,
  anthropic,
  x,
  asana,
  notion,
  okta,
  calendly,
  typeform,
  linear,
  atlassianConnect,
  jiraOauth,
  salesforce,
  jira,
  confluence,
  trello,
  sentry,
  pagerduty,
  microsoftGraph,
  cloudevents,
  sns,
  microsoftGraphRich,
];
