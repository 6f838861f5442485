import type { Inlet } from '../core/inlet.ts';
import type { Certificates } from '../core/ports.ts';
import type { Reporter } from '../core/report.ts';
import type { EpochMs } from '../core/request.ts';
import { INTAKE_LIMITS, type IntakeLimits } from '../core/time-limits.ts';
import type { Connection } from './client-settings.ts';
import type { IngestEnvironment } from './environment.ts';
import { httpsConfirmations } from './https-confirmations.ts';
import { type IngestHandler, ingestHandler } from './ingest-handler.ts';
import { lazyCertificates } from './lazy-certificates.ts';
import { s3ObjectStore } from './s3-object-store.ts';
import { secretsManagerClient, secretsManagerSecrets } from './secrets-manager-secrets.ts';
import { sqsClient } from './sqs-client.ts';
import { sqsDeliveryQueue } from './sqs-delivery-queue.ts';

export interface WiredIngest {
  readonly handler: IngestHandler;
  /** Reads the secret where there is only one source. What fails here is told by the first request, which reads again. */
  warmUp(): Promise<void>;
  /** Closes the clients' connections. */
  close(): void;
}

/**
 * The ingest function on AWS's clients.
 * @param wiring.connection where AWS is, when not where the environment says.
 * @param wiring.limits of its calls, in ms, when AWS is slower there.
 * @example export const { handler } = wireIngest({ inlets, environment, now: Date.now, report })
 */
export function wireIngest(wiring: {
  readonly inlets: readonly Inlet[];
  readonly environment: Omit<IngestEnvironment, 'metricsNamespace'>;
  readonly connection?: Connection;
  readonly limits?: IntakeLimits;
  /** Default: those that their providers serve. */
  readonly certificates?: Certificates;
  readonly now: () => EpochMs;
  readonly report: Reporter;
}): WiredIngest {
  const { inlets, environment, connection, limits = INTAKE_LIMITS, now, report } = wiring;
  const clients = {
    sqs: sqsClient(limits.queue, connection),
    secrets: secretsManagerClient(limits.secrets, connection),
  };
  const secrets = secretsManagerSecrets({
    client: clients.secrets,
    arns: environment.secrets,
    limitMs: limits.secrets,
    now,
  });
  const { queueUrl, bucket, publicUrl } = environment;
  const handler = ingestHandler({
    inlets,
    ports: {
      secrets,
      installer: secrets,
      queue: sqsDeliveryQueue({ client: clients.sqs, queueUrl, limitMs: limits.queue }),
      objects: s3ObjectStore({ bucket, limitMs: limits.objects, ...(connection && { connection }) }),
      certificates: wiring.certificates ?? lazyCertificates(now),
      confirmations: httpsConfirmations(),
    },
    publicUrl,
    now,
    report,
  });
  return {
    handler,
    warmUp: async () => {
      const [only, ...others] = inlets;
      if (only !== undefined && others.length === 0) await secrets.read(only.source).catch(() => undefined);
    },
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
