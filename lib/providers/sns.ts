import type { Provider } from '../core/provider.ts';

/**
 * A topic with an HTTPS subscription. The document is SNS's own envelope, of which `Message` is the text that was published; only what
 * SNS signs of it proves anything. A subscription is confirmed for the source's own topics, and never taken up again once it is over:
 * a farewell is an event.
 */
export const sns: Provider = {
  name: 'sns',
  title: 'Amazon SNS',
  docs: [
    'https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html',
    'https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html',
    'https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html',
    'https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html',
  ],
  scheme: { kind: 'step', step: 'sns-signature', toleranceSeconds: 86_400 },
  handshakes: [
    {
      method: 'POST',
      guard: { confirms: 'sns-confirmation' },
      when: [{ at: '{body:Type}', equals: 'SubscriptionConfirmation' }],
      answer: { status: 200 },
    },
  ],
  // It comes as text/plain, or as whatever a delivery policy says.
  document: 'json',
  events: [{ id: '{body:MessageId}', type: '{body:Type}', time: { at: '{body:Timestamp}', unit: 'iso' } }],
  idCoverage: 'signed',
  volatile: ['Signature', 'SignatureVersion', 'SigningCertURL', 'UnsubscribeURL'],
  delivery: { timeoutMs: 15_000, retries: { spanSeconds: 60 }, clientErrors: 'dropped' },
  setup: [
    'Anybody can have a topic, and SNS signs his messages too. So the signing "secrets" are the ARNs of the topics that you listen to: {"signing": ["arn:aws:sns:…"]}. What comes from any other is refused, and no subscription to it is confirmed. Store them first.',
    'Then SNS → Topics → your topic → Create subscription: protocol HTTPS, and the URL. It is confirmed at once. Leave raw message delivery off: it carries no signature, and is refused.',
    'Set SignatureVersion of the topic to 2 (SHA-256). 1 (SHA-1), which is what a topic has by default, is taken too.',
    'Message, MessageId, Subject, Timestamp, TopicArn and Type are signed. MessageAttributes are not: decide on nothing in them.',
    'By default SNS gives up after three more tries within a minute. Give the subscription a delivery policy (an hour at most) and a redrive policy, so that what it gives up lands in a queue.',
    'When a subscription is over, an event UnsubscribeConfirmation tells. Headgate never subscribes again by itself.',
    "Whoever sees a message’s UnsubscribeURL can end the subscription: leave it out of what is published, with redact: ['UnsubscribeURL', 'SubscribeURL', 'Token'].",
    'Certificates and confirmations are calls to SNS in the topic’s region: a function in a VPC needs a way out to it.',
  ],
  unverified: [
    'Whether the token of an UnsubscribeConfirmation is signed: AWS’s page says so, its library for JavaScript does otherwise. Both are taken, and nothing is done by that token.',
    'Whether a retry is signed anew: within the hour that SNS tries at most it does not matter.',
  ],
};
