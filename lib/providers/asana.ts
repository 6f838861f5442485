import type { Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

/**
 * Webhooks of a task, a project or any other resource. An event says what happened to what, and when; it has no id, and no state. The
 * secret comes in a header while the webhook is being made, and again in the answer of the API. A heartbeat is a batch without events.
 */
export const asana: Provider = {
  name: 'asana',
  title: 'Asana',
  docs: [
    'https://developers.asana.com/docs/webhooks-guide',
    'https://developers.asana.com/reference/createwebhook',
    'https://developers.asana.com/reference/events',
  ],
  scheme: bodyMac('x-hook-signature'),
  handshakes: [
    {
      method: 'POST',
      guard: { installs: '{header:x-hook-secret}' },
      when: [{ at: '{header:x-hook-secret}' }],
      answer: { status: 200, headers: { 'x-hook-secret': '{header:x-hook-secret}' } },
    },
  ],
  split: ['events.*'],
  events: [
    {
      id: '{digest}',
      type: '{body:events.0.resource.resource_type}.{body:events.0.action}',
      time: { at: '{body:events.0.created_at}', unit: 'iso' },
    },
  ],
  idCoverage: 'signed',
  delivery: {
    timeoutMs: 10_000,
    retries: { spanSeconds: 86_400 },
    clientErrors: 'retried',
    disabling:
      'A webhook whose deliveries fail for 24 hours is deleted, and one that is answered 410 at once; what happened since is lost. Make it again, with the source in set-up: it has a new secret.',
  },
  setup: [
    "Give the source setup: 'install-secret' in bin/sources.ts, and deploy. There is nothing to store: Asana brings the secret while the webhook is being made.",
    'POST https://app.asana.com/api/1.0/webhooks with the resource, the source’s URL as target, and filters. Its answer names the secret (X-Hook-Secret) once more: compare it with what is stored now.',
    'Then take setup out of the source, and deploy. In set-up the first who knows the URL stores a secret: each one is an alarm (installed-secrets).',
    'Each webhook has a secret of its own, and so needs a source of its own. To make one again, put {} in the place of its old secret.',
    'About every 8 hours, and after the first, a heartbeat comes: a delivery without events. It is acknowledged, and nothing is published.',
  ],
  unverified: [
    'Whether two different events can be equal in every field, to the millisecond: they would be one here.',
  ],
};
