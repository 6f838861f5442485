import type { Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

/**
 * Subscriptions of an integration. An event names what has changed, and carries nothing of it. The token that comes first, unsigned, is
 * the secret; Notion takes the subscription for verified when a person has entered it there.
 */
export const notion: Provider = {
  name: 'notion',
  title: 'Notion',
  docs: [
    'https://developers.notion.com/reference/webhooks',
    'https://developers.notion.com/reference/webhooks-events-delivery',
  ],
  scheme: bodyMac({ header: 'x-notion-signature', assign: '=' }, { label: 'sha256' }),
  handshakes: [
    {
      method: 'POST',
      guard: { installs: '{body:verification_token}' },
      media: 'json',
      when: [{ at: '{body:verification_token}' }],
      answer: { status: 200 },
    },
  ],
  events: [{ id: '{body:id}', type: '{body:type}', time: { at: '{body:timestamp}', unit: 'iso' } }],
  idCoverage: 'signed',
  volatile: ['attempt_number'],
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 86_400 } },
  setup: [
    "Give the source setup: 'install-secret' in bin/sources.ts, and deploy. There is nothing to store: Notion brings the secret.",
    'notion.so/my-integrations → your integration → Webhooks → Create a subscription, with the source’s URL and the events. Notion then sends its verification token, and it is stored.',
    'Read it from the secret (aws secretsmanager get-secret-value --secret-id <the secret> --query SecretString --output text) and enter it at Notion, under Verify. If Notion does not take it, somebody else was faster: see installed-secrets in the runbook.',
    'Then take setup out of the source, and deploy. Resend token sends the same one: as long as the source is in set-up, it is answered again.',
    'Webhook actions of buttons and automations are something else: they are not signed.',
    'An event only says what has changed: ask the API for how it stands. Several changes within a short time are one event.',
  ],
  unverified: [
    'How long Notion waits for an answer: 5 seconds are taken.',
    'How long it tries: up to 8 attempts within a day, as told of its page; and what a 4xx does there.',
    'Which fields differ between two attempts: attempt_number alone.',
  ],
};
