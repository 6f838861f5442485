import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Headers, Request } from '../../lib/core/request.ts';
import { parseSources, type Source } from '../../lib/core/source.ts';
import { gatewayEvent } from '../../lib/local/gateway-event.ts';
import type { SecretValue } from '../../lib/local/secret-store.ts';
import type { ProviderFixture } from '../contracts/provider-fixture.ts';
import { signedAgain } from '../contracts/signed-request.ts';
import { fixture as github } from '../fixtures/github.ts';
import { fixture as sendgrid } from '../fixtures/sendgrid.ts';
import { fixture as standardWebhooks } from '../fixtures/standard-webhooks.ts';
import { fixture as stripe } from '../fixtures/stripe.ts';
import { PUBLIC_URL } from './staged-function.ts';

export type SourceId = 'github' | 'stripe' | 'standard-webhooks' | 'sendgrid';

const fixtures: Readonly<Record<SourceId, ProviderFixture>> = {
  github,
  stripe,
  'standard-webhooks': standardWebhooks,
  sendgrid,
};

/** The sources with these names, as they are staged. */
export function sourcesOf(...names: readonly SourceId[]): readonly Source[] {
  return parseSources(Object.fromEntries(names.map((name) => [name, { provider: fixtures[name].provider }])));
}

/** What Secrets Manager holds for them, as a list: the previous version is then of no interest. */
export const secrets: Readonly<Record<string, SecretValue>> = Object.fromEntries(
  Object.entries(fixtures).map(([name, { secret }]) => [name, { signing: [secret] }]),
);

/** Ids of an event and of the resource that it is about: both new unless a test says otherwise. */
export interface Told {
  readonly event: number;
  readonly resource?: number;
  /** How many events the delivery holds, where the provider sends batches. */
  readonly batch?: number;
  /** Makes the body longer by so many bytes. */
  readonly padding?: number;
}

/** The gateway's event of a delivery that the provider has signed just now; it tells of a state that is newer with each event id. */
export async function deliveryEvent(name: SourceId, told: Told): Promise<APIGatewayProxyEventV2> {
  const { provider, signer } = fixtures[name];
  const { headers, body } = contents(name, told);
  const unsigned: Request = {
    method: 'POST',
    path: `/${name}`,
    query: '',
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(body),
    receivedAt: Date.now(),
  };
  const request = await signedAgain({ provider, publicUrl: PUBLIC_URL }, unsigned, { signer });
  return gatewayEvent(
    {
      ...request,
      rawHeaders: Object.entries(request.headers).flat(),
      protocol: 'HTTP/1.1',
      sourceIp: '192.0.2.1',
      port: 443,
      requestId: `${name}-request-${told.event}`,
    },
    `POST /${name}`,
  );
}

function contents(name: SourceId, told: Told): { readonly headers: Headers; readonly body: string } {
  const { event, resource = event, batch = 1, padding = 0 } = told;
  const at = Date.UTC(2026, 0, 1) + event * 1000;
  const more = 'x'.repeat(padding);
  switch (name) {
    case 'github': {
      const issue = { id: resource, updated_at: new Date(at).toISOString(), body: more };
      return {
        headers: {
          'x-github-event': 'issues',
          'x-github-delivery': `delivery-${event}`,
          'x-github-hook-id': '1',
        },
        body: JSON.stringify({ action: 'edited', issue, repository: { id: 7 }, sender: { id: 3 } }),
      };
    }
    case 'stripe': {
      const object = { id: `cus_${resource}`, object: 'customer', description: more };
      const type = 'customer.updated';
      return {
        headers: {},
        body: JSON.stringify({
          id: `evt_${event}`,
          object: 'event',
          type,
          created: at / 1000,
          data: { object },
        }),
      };
    }
    case 'standard-webhooks': {
      const data = { id: `contact_${resource}`, note: more };
      return {
        headers: { 'webhook-id': `msg_${event}` },
        body: JSON.stringify({ type: 'contact.updated', timestamp: new Date(at).toISOString(), data }),
      };
    }
    case 'sendgrid': {
      const items = Array.from({ length: batch }, (_, index) => ({
        sg_event_id: `event-${event}-${index}`,
        sg_message_id: `message-${resource}-${index}`,
        email: 'hello@example.com',
        event: 'open',
        timestamp: at / 1000,
      }));
      return { headers: {}, body: JSON.stringify(items) };
    }
  }
}
