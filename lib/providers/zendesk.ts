import type { EventShape, Provider, Test } from '../core/provider.ts';

/** Only these have it: the body of a trigger is its writer's, who may well name fields `id` and `type`. */
const IS_EVENT: Test = { at: '{body:zendesk_event_version}' };

const EVENT: EventShape = {
  when: [IS_EVENT],
  id: '{body:id}',
  type: '{body:type}',
  time: { at: '{body:time}', unit: 'iso' },
};

const IS_STATE: readonly Test[] = [IS_EVENT, { at: '{body:detail.updated_at}' }];

const STATE: EventShape = {
  ...EVENT,
  when: IS_STATE,
  subject: '{body:subject}',
  version: { at: '{body:detail.updated_at}', unit: 'iso' },
};

/** A kind whose resources can be read, each with the time that its events tell. What is deleted may still be read, and then says so. */
function read(
  kind: string,
  deletion: readonly [string, ...string[]],
  deleted?: readonly [Test, ...Test[]],
): EventShape {
  return {
    ...STATE,
    when: [...IS_STATE, { at: `{body:subject#zen:${kind}:}` }],
    resource: {
      path: `/api/v2/${kind}s/{body:subject#zen:${kind}:}.json`,
      ids: 'digits',
      version: { at: `{body:${kind}.updated_at}`, unit: 'iso' },
      deletion: [{ at: `{body:type#zen:event-type:${kind}.}`, oneOf: deletion }],
      ...(deleted && { deleted }),
    },
  };
}

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
    'https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#show-ticket',
    'https://developer.zendesk.com/api-reference/introduction/rate-limits/',
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
    read(
      'ticket',
      ['soft_deleted', 'permanently_deleted'],
      [{ at: '{body:ticket.status}', equals: 'deleted' }],
    ),
    read('user', ['deleted'], [{ at: '{body:user.active}', equals: 'false' }]),
    read('organization', ['deleted']),
    STATE,
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
  api: {
    auth: [{ kind: 'basic' }, { kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    // 200 a minute with the smallest plan, for all apps of an account.
    rate: { perSecond: 2, burst: 50 },
    rateLimit: { remaining: 'ratelimit-remaining', reset: { header: 'ratelimit-reset', unit: 'in-s' } },
  },
  setup: [
    'Admin Center → Apps and integrations → Webhooks → Create webhook: Zendesk events, or a trigger or automation. Request method POST, request format JSON.',
    'Store the signing secret of the webhook’s page as it is shown, although it looks like base64. Each webhook has its own: several of one account on one source are a list. Give each account a source of its own: tickets of two share numbers, and would be taken for one.',
    'A test before the webhook is created is signed with a key that everybody knows, and refused here. Test again afterwards.',
    'Put {{ticket.id}} and {{ticket.updated_at_with_timestamp}} into the body of a trigger: equal bodies within one second are taken for a repeat.',
    'To reconcile, name your account in bin/sources.ts (api: { baseUrl: "https://<subdomain>.zendesk.com" }), and store <an agent’s email>/token:<API token> as api; or an OAuth token, with api: { auth: "token" }. Tickets, users and organizations are fetched.',
  ],
  unverified: [
    'Whether a ticket that was deleted, but not for good, can still be read: where it can, its status tells.',
    'Zendesk names no tolerance for its signed time, and not whether an attempt is signed anew: an hour either way, as long as it is counted on to try. What comes again within that is a duplicate, or a repeat.',
    'X-Zendesk-Webhook-Invocation-Id is taken to stay the same over the attempts of one invocation, as the API that lists them is built.',
    'Which answers are sent again is told only in part: a 503 with Retry-After, as Headgate gives it, a 429, a 409 and a timeout. Nothing is counted on beyond an hour.',
  ],
};
