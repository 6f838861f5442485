import type { EventShape, Provider } from '../core/provider.ts';

/** Only these have it: the body of a trigger is its writer's, who may well name fields `id` and `type`. */
const EVENT: EventShape = {
  when: [{ at: '{body:zendesk_event_version}' }],
  id: '{body:id}',
  type: '{body:type}',
  time: { at: '{body:time}', unit: 'iso' },
};

/**
 * Webhooks of event subscriptions, and of triggers and automations. The latter have a body that somebody wrote, and an id in a header
 * only. Equal bodies are told from a replay by the signed time, which counts in seconds.
 */
export const zendesk: Provider = {
  name: 'zendesk',
  title: 'Zendesk',
  docs: [
    'https://developer.zendesk.com/documentation/webhooks/verifying/',
    'https://developer.zendesk.com/documentation/webhooks/anatomy-of-a-webhook-request/',
    'https://developer.zendesk.com/documentation/webhooks/creating-and-monitoring-webhooks/',
    'https://developer.zendesk.com/api-reference/webhooks/event-types/webhook-event-types/',
  ],
  scheme: {
    kind: 'signature',
    families: [
      {
        signature: { header: 'x-zendesk-webhook-signature' },
        timestamp: { header: 'x-zendesk-webhook-signature-timestamp' },
      },
    ],
    signed: '{timestamp}{body}',
    versions: [{ algorithm: 'hmac-sha256', encoding: 'base64', key: { encoding: 'utf8' } }],
    timestamp: { unit: 'iso', toleranceSeconds: 3_600 },
  },
  events: [
    {
      ...EVENT,
      when: [...(EVENT.when ?? []), { at: '{body:detail.updated_at}' }],
      subject: '{body:subject}',
      version: { at: '{body:detail.updated_at}', unit: 'iso' },
    },
    EVENT,
    { id: '{header:x-zendesk-webhook-invocation-id}', type: 'trigger' },
  ],
  idCoverage: 'unsigned',
  signatureMark: '{header:x-zendesk-webhook-signature-timestamp}/{digest}',
  delivery: {
    timeoutMs: 10_000,
    retries: { spanSeconds: 3_600 },
    clientErrors: 'dropped',
    disabling:
      'A circuit breaker holds a webhook’s requests back for a short while when 70 % of them, or 1,000, fail within 5 minutes.',
  },
  setup: [
    'Admin Center → Apps and integrations → Webhooks → Create webhook: Zendesk events, or a trigger or automation. Request method POST, request format JSON.',
    'Store the signing secret of the webhook’s page as it is shown, although it looks like base64. Each webhook has its own: several of one account on one source are a list. Give each account a source of its own: tickets of two share numbers, and would be taken for one.',
    'A test before the webhook is created is signed with a key that everybody knows, and refused here. Test again afterwards.',
    'Put {{ticket.id}} and {{ticket.updated_at_with_timestamp}} into the body of a trigger: equal bodies within one second are taken for a repeat.',
  ],
  unverified: [
    'Zendesk names no tolerance for its signed time, and not whether an attempt is signed anew: an hour either way, as long as it is counted on to try. What comes again within that is a duplicate, or a repeat.',
    'X-Zendesk-Webhook-Invocation-Id is taken to stay the same over the attempts of one invocation, as the API that lists them is built.',
    'Which answers are sent again is told only in part: a 503 with Retry-After, as Headgate gives it, a 429, a 409 and a timeout. Nothing is counted on beyond an hour.',
  ],
};
