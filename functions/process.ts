import { readFileSync } from 'node:fs';
import { emfLog } from '../lib/aws/emf-log.ts';
import { readProcessEnvironment } from '../lib/aws/environment.ts';
import type { ProcessHandler } from '../lib/aws/process-handler.ts';
import { wireProcess } from '../lib/aws/wire-process.ts';
import { openInlet } from '../lib/core/inlet.ts';
import { SOURCES_FILE } from '../lib/core/resources.ts';
import { readStagedSources } from '../lib/core/staged-sources.ts';

const sources = readStagedSources(readFileSync(new URL(SOURCES_FILE, import.meta.url), 'utf8'));
const environment = readProcessEnvironment(process.env, sources);
const { handler: wired } = wireProcess({
  inlets: await Promise.all(sources.map(openInlet)),
  environment,
  now: Date.now,
  report: emfLog({
    namespace: environment.metricsNamespace,
    now: Date.now,
    write: (line) => process.stdout.write(`${line}\n`),
  }),
});

export const handler: ProcessHandler = wired;
