import { randomUUID } from 'node:crypto';
import type { SignedDelivery } from '../../lib/cli/signed-delivery.ts';
import type { DeliveryId, DeliveryMessage } from '../../lib/core/delivery.ts';
import { decodeDelivery } from '../../lib/core/delivery.ts';
import type { Event } from '../../lib/core/event.ts';
import { readEvents } from '../../lib/core/identify.ts';
import { ingest } from '../../lib/core/ingest.ts';
import type { IngestOutcome } from '../../lib/core/ingest-outcome.ts';
import { openInlet } from '../../lib/core/inlet.ts';
import type { SigningSecret } from '../../lib/core/secret.ts';
import type { Source } from '../../lib/core/source.ts';
import { localCertificates } from '../../lib/local/local-certificates.ts';
import { memorySecretStore } from '../../lib/local/secret-store.ts';
import { noCertificates, noConfirmations, noInstaller } from '../core/intake-world.ts';

const noOthers = { ...noCertificates, roots: async () => [] };

/** What the receiver makes of a delivery of `headgate send`, and the events that come of it. */
export interface Received {
  readonly outcome: IngestOutcome;
  readonly events: readonly Event[];
}

/** Hands a delivery to the real intake under the secret, over ports in memory. */
export async function receive(
  source: Source,
  delivery: SignedDelivery,
  world: { readonly secret: string; readonly signer: string; readonly now: number },
): Promise<Received> {
  const { origin, pathname, search } = new URL(delivery.url);
  const inlet = await openInlet(source);
  const sent: DeliveryMessage[] = [];
  const secrets = { signing: [{ secret: world.secret as SigningSecret, age: 'newest' as const }] };
  const outcome = await ingest({
    inlet,
    request: {
      method: 'POST',
      path: pathname,
      query: search.slice(1),
      headers: delivery.headers,
      body: delivery.body,
      receivedAt: world.now,
    },
    id: randomUUID() as DeliveryId,
    publicUrl: origin,
    ports: {
      secrets: { read: async () => secrets, refresh: async () => undefined },
      installer: noInstaller,
      confirmations: noConfirmations,
      queue: { send: async (message) => void sent.push(message) },
      objects: { get: async () => Buffer.alloc(0), put: async () => undefined },
      certificates: localCertificates(
        memorySecretStore(
          { [source.name]: { signing: [world.secret], signer: world.signer } },
          () => world.now,
        ),
        [source.name],
        noOthers,
      ),
    },
  });
  const events = sent.flatMap((message): readonly Event[] => {
    const decoded = decodeDelivery(message);
    if (decoded.kind !== 'delivery') throw new Error(`queued: ${decoded.kind}`);
    const reading = readEvents(source, decoded.delivery, inlet.steps);
    if (reading.kind !== 'events' || reading.unreadable.length > 0) throw new Error(JSON.stringify(reading));
    return reading.events;
  });
  return { outcome, events };
}
