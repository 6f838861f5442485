import type { Delivery, DeliveryId } from '../../lib/core/delivery.ts';
import { deliveryHeaders, openInlet } from '../../lib/core/inlet.ts';
import type { Request } from '../../lib/core/request.ts';
import type { Verified } from '../../lib/core/scheme.ts';
import type { Source } from '../../lib/core/source.ts';
import type { ProviderFixture } from './provider-fixture.ts';
import { verifyWith } from './signed-request.ts';

/** A request of the fixture's provider that its secret proves. */
export async function verifiedBy(fixture: ProviderFixture, request: Request): Promise<Verified> {
  const answer = await verifyWith(fixture, request, [fixture.secret]);
  if (answer.kind === 'rejected') throw new Error(`${answer.reason}: ${answer.explanation}`);
  return answer.verified;
}

/** The same as it lies on the queue: with no other headers than those that are kept. */
export async function acceptedDelivery(
  fixture: ProviderFixture,
  source: Source,
  { request: sent, id }: { readonly request: Request; readonly id: string },
): Promise<Delivery> {
  const { request } = await verifiedBy(fixture, sent);
  const headers = deliveryHeaders(await openInlet(source), request.headers);
  return { ...request, headers, id: id as DeliveryId, source: source.name, origin: 'webhook' };
}
