import type { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ingestHandler } from '../../../lib/aws/ingest-handler.ts';
import { sqsDeliveryQueue } from '../../../lib/aws/sqs-delivery-queue.ts';
import type { Certificates, Confirmations } from '../../../lib/core/ports.ts';
import { resources } from '../../../lib/core/resources.ts';
import { INTAKE_LIMITS } from '../../../lib/core/time-limits.ts';
import { asIs, QUEUE_URL, type ReceiverOptions } from './receiver.ts';
import { objectStore } from './simulated-bucket.ts';
import { awsPatience, type CloudWorld, simulatedClient } from './simulated-client.ts';
import { type SimulatedFunction, simulatedFunction } from './simulated-function.ts';
import { sourceSecrets } from './source-secrets.ts';

const NO_CERTIFICATES: Certificates = {
  read: () => Promise.reject(new TypeError('no scheme of the simulation asks for certificates')),
  roots: () => Promise.reject(new TypeError('no scheme of the simulation asks for certificates')),
  keySet: () => Promise.reject(new TypeError('no scheme of the simulation asks for keys')),
};

const NO_CONFIRMATIONS: Confirmations = {
  confirm: () => Promise.reject(new TypeError('no handshake of the simulation asks for a call')),
};

/** The ingest function: the real handler on the real adapters, in each process anew. */
export function ingestFunction(
  world: CloudWorld,
  options: ReceiverOptions,
): SimulatedFunction<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  const { inlets, services, bug } = options;
  return simulatedFunction(world.stage, {
    name: 'ingest',
    timeoutSeconds: resources({ fifo: false }).functions.ingest.timeoutSeconds,
    open: (sandbox) => {
      const { queue: limitMs } = INTAKE_LIMITS;
      const client = simulatedClient<SQSClient>(world, sandbox, services.sqs, awsPatience(limitMs));
      const queue = sqsDeliveryQueue({ client, queueUrl: QUEUE_URL, limitMs });
      const secrets = sourceSecrets(world, sandbox, options, INTAKE_LIMITS.secrets);
      return ingestHandler({
        inlets,
        ports: {
          secrets,
          installer: secrets,
          queue: (bug.queue ?? asIs)(queue),
          objects: objectStore(world, sandbox, services.bucket, INTAKE_LIMITS.objects),
          certificates: NO_CERTIFICATES,
          confirmations: NO_CONFIRMATIONS,
        },
        publicUrl: 'https://hooks.example.com',
        now: sandbox.now,
        report: () => {},
      });
    },
  });
}
