import { readFileSync } from 'node:fs';
import { emfLog } from '../lib/aws/emf-log.ts';
import { readIngestEnvironment } from '../lib/aws/environment.ts';
import { type IngestHandler, ingestHandler } from '../lib/aws/ingest-handler.ts';
import { s3ObjectStore } from '../lib/aws/s3-object-store.ts';
import { secretsManagerClient, secretsManagerSecrets } from '../lib/aws/secrets-manager-secrets.ts';
import { sqsClient } from '../lib/aws/sqs-client.ts';
import { sqsDeliveryQueue } from '../lib/aws/sqs-delivery-queue.ts';
import { openInlet } from '../lib/core/inlet.ts';
import { SOURCES_FILE } from '../lib/core/resources.ts';
import { readStagedSources } from '../lib/core/staged-sources.ts';

const sources = readStagedSources(readFileSync(new URL(SOURCES_FILE, import.meta.url), 'utf8'));
const environment = readIngestEnvironment(process.env, sources);
const secrets = secretsManagerSecrets({
  client: secretsManagerClient(),
  arns: environment.secrets,
  now: Date.now,
});
const log = emfLog({
  namespace: environment.metricsNamespace,
  now: Date.now,
  write: (line) => process.stdout.write(`${line}\n`),
});

const inlets = await Promise.all(sources.map(openInlet));
const [only, ...others] = sources;
// Lambda gives more CPU and no caller waits: but a failure here is only told by the first request, which reads again.
if (only !== undefined && others.length === 0) await secrets.read(only).catch(() => undefined);

export const handler: IngestHandler = ingestHandler({
  inlets,
  ports: {
    secrets,
    queue: sqsDeliveryQueue({ client: sqsClient(), queueUrl: environment.queueUrl }),
    objects: s3ObjectStore({ bucket: environment.bucket }),
  },
  publicUrl: environment.publicUrl,
  now: Date.now,
  report: (report) => log([report]),
});
