import { readFileSync } from 'node:fs';
import { emfLog } from '../lib/aws/emf-log.ts';
import { readIngestEnvironment } from '../lib/aws/environment.ts';
import type { IngestHandler } from '../lib/aws/ingest-handler.ts';
import { wireIngest } from '../lib/aws/wire-ingest.ts';
import { openInlet } from '../lib/core/inlet.ts';
import { SOURCES_FILE } from '../lib/core/resources.ts';
import { readStagedSources } from '../lib/core/staged-sources.ts';

const sources = readStagedSources(readFileSync(new URL(SOURCES_FILE, import.meta.url), 'utf8'));
const environment = readIngestEnvironment(process.env, sources);
const log = emfLog({
  namespace: environment.metricsNamespace,
  now: Date.now,
  write: (line) => process.stdout.write(`${line}\n`),
});
const ingest = wireIngest({
  inlets: await Promise.all(sources.map(openInlet)),
  environment,
  now: Date.now,
  report: (report) => log([report]),
});
// Lambda gives more CPU to a function that starts.
await ingest.warmUp();

export const handler: IngestHandler = ingest.handler;
