import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import sources from '../bin/sources.ts';
import { stageFunction } from '../lib/constructs/stage-function.ts';
import { ENVIRONMENT } from '../lib/core/resources.ts';
import { parseSources } from '../lib/core/source.ts';
import { bundleFunctions } from '../scripts/bundle-functions.ts';
import { project } from '../scripts/run.ts';

/** The ingest function, staged for the project's own sources. Nothing is called before the first event. */
export interface IngestBundles {
  /** The folder of it as it is deployed. */
  readonly ours: string;
  /** The folder of the same handler, bundled with esbuild's default settings. */
  readonly byDefault: string;
  /** What it reads of the environment. */
  readonly environment: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export async function ingestBundles(): Promise<IngestBundles> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-bench-'));
  const bundles = { ours: join(folder, 'bundles/ingest'), byDefault: join(folder, 'bundles/default') };
  await Promise.all([
    bundleFunctions({ outdir: join(folder, 'bundles') }),
    bundleByDefault(join(bundles.byDefault, 'index.mjs')),
  ]);
  const staged = { ours: join(folder, 'ours'), byDefault: join(folder, 'default') };
  const parsed = parseSources(sources);
  stageFunction({ bundle: bundles.ours, sources: parsed, into: staged.ours });
  stageFunction({ bundle: bundles.byDefault, sources: parsed, into: staged.byDefault });
  const arns = Object.fromEntries(
    parsed.map(({ name }) => [name, `arn:aws:secretsmanager:eu-west-1:1:secret:${name}`]),
  );
  const environment = {
    [ENVIRONMENT.queueUrl]: 'http://127.0.0.1:9/000000000000/deliveries',
    [ENVIRONMENT.bucket]: 'objects',
    [ENVIRONMENT.publicUrl]: 'https://hooks.example.com',
    [ENVIRONMENT.secrets]: JSON.stringify(arns),
    [ENVIRONMENT.metricsNamespace]: 'Headgate/bench',
    AWS_REGION: 'eu-west-1',
  };
  return { ...staged, environment, remove: () => rm(folder, { recursive: true }) };
}

/** Only what makes it run at all: top-level await needs ESM, and the CommonJS packages that are then bundled need a `require`. */
async function bundleByDefault(outfile: string): Promise<void> {
  await build({
    absWorkingDir: project,
    entryPoints: ['functions/ingest.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    logLevel: 'error',
  });
}
