import type { Provider } from '../core/provider.ts';

/** Forms (messages, calls, recordings, conversations, …) and Event Streams (JSON, single or in batches) on one source. */
export const twilio: Provider = {
  name: 'twilio',
  title: 'Twilio',
  docs: [
    'https://www.twilio.com/docs/usage/webhooks/webhooks-security',
    'https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides',
    'https://www.twilio.com/docs/events/webhook-quickstart',
    'https://www.twilio.com/docs/messaging/api/message-resource',
    'https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region',
  ],
  scheme: { kind: 'step', step: 'twilio-signature' },
  split: 'items',
  events: { step: 'twilio-event' },
  // Names and values are signed without anything between them: who has one request can shift the borders, and so make another id.
  idCoverage: 'unsigned',
  signatureMark: '{header:x-twilio-signature}',
  volatile: ['ErrorCode', 'ErrorUrl', 'RawDlrDateDone', 'RetryCount'],
  acknowledge: { status: 204 },
  delivery: {
    timeoutMs: 15_000,
    retries: 'none',
    withoutRetries:
      'By default Twilio tries again only when it cannot connect, so what we answer with 5xx is lost. Append #rc=3&rp=all to the URL: then it tries three more times, whatever went wrong, after a 4xx too.',
  },
  api: {
    baseUrls: {
      live: 'https://api.twilio.com',
      dublin: 'https://api.dublin.ie1.twilio.com',
      sydney: 'https://api.sydney.au1.twilio.com',
    },
    auth: [{ kind: 'basic' }],
    rate: { perSecond: 5, burst: 20 },
  },
  setup: [
    'The signing secret is the Auth Token of the account: console.twilio.com → Account Info. A subaccount signs with its own.',
    'Set the URL at the number, the messaging service or the call (status callback), with POST, and append #rc=3&rp=all so that failures are tried again.',
    'The signature covers the public URL: it must be written at Twilio exactly as Headgate prints it, and Headgate must know its custom domain.',
    'Event Streams: create a sink of type webhook with this URL; single events and batches are both read.',
    'To reconcile, store AccountSid:AuthToken as api, or better the SID and the secret of an API key (SK…:…). Messages, calls, recordings and transcriptions are fetched; conversations are read at another host, and are not. Dublin and Sydney have base URLs and keys of their own.',
    'For voice and incoming messages Twilio expects TwiML. Headgate answers 204: use it for status callbacks, and for messages that need no reply.',
  ],
  unverified: [
    'How many requests a second Twilio’s API takes depends on the account: 5 are asked.',
    'I-Twilio-Idempotency-Token is not used: it is not signed, nor is its stability documented. Ids are made of signed fields.',
    'What a second try or a fallback URL adds to a form is left out of the comparison of two copies.',
  ],
};
