import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { SECRETS, type SourceId, signedDelivery, type Told } from '../../bench/signed-delivery.ts';
import type { Provider } from '../../lib/core/provider.ts';
import { parseSources, type Source } from '../../lib/core/source.ts';
import { gatewayEvent } from '../../lib/local/gateway-event.ts';
import type { SecretValue } from '../../lib/local/secret-store.ts';
import { github } from '../../lib/providers/github.ts';
import { sendgrid } from '../../lib/providers/sendgrid.ts';
import { standardWebhooks } from '../../lib/providers/standard-webhooks.ts';
import { stripe } from '../../lib/providers/stripe.ts';

const PROVIDERS: Readonly<Record<SourceId, Provider>> = {
  github,
  stripe,
  'standard-webhooks': standardWebhooks,
  sendgrid,
};

/** The sources with these names, as they are staged. */
export function sourcesOf(...names: readonly SourceId[]): readonly Source[] {
  return parseSources(Object.fromEntries(names.map((name) => [name, { provider: PROVIDERS[name] }])));
}

/** What Secrets Manager holds for them, as a list: the previous version is then of no interest. */
export const secrets: Readonly<Record<string, SecretValue>> = Object.fromEntries(
  Object.entries(SECRETS).map(([name, secret]) => [name, { signing: [secret] }]),
);

/** The gateway's event of a delivery that the provider has signed just now. */
export function deliveryEvent(name: SourceId, told: Told): APIGatewayProxyEventV2 {
  const { headers, body } = signedDelivery(name, told);
  return postEvent({ path: `/${name}`, headers, body, requestId: `${name}-request-${told.event}` });
}

/** The gateway's event of a POST. */
export function postEvent(sent: {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  readonly requestId: string;
}): APIGatewayProxyEventV2 {
  const request = {
    method: 'POST',
    path: sent.path,
    query: '',
    rawHeaders: Object.entries(sent.headers).flat(),
    body: Buffer.from(sent.body),
    protocol: 'HTTP/1.1',
    sourceIp: '192.0.2.1',
    port: 443,
    requestId: sent.requestId,
    receivedAt: Date.now(),
  };
  return gatewayEvent(request, `POST ${request.path}`);
}
