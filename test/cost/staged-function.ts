import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stageFunction } from '../../lib/constructs/stage-function.ts';
import { ENVIRONMENT } from '../../lib/core/resources.ts';
import type { Source } from '../../lib/core/source.ts';
import { secretArn } from '../../lib/local/secrets-manager.ts';
import type { TestCloud } from '../aws/cloud.ts';
import { type AssetProcess, assetProcess } from '../e2e/asset-process.ts';

const PUBLIC_URL = 'https://hooks.example.com';

export interface StagedFunction {
  readonly name: 'ingest' | 'process';
  /** Where `bundleFunctions` put the bundles; the function gets a folder of its own there. */
  readonly bundles: string;
  readonly sources: readonly Source[];
  readonly cloud: TestCloud;
  /** A module that exports `handler`, and finds the function's own in `./function/index.mjs`. By default it is that one. */
  readonly around?: string;
}

/** Starts a bundled function as it is staged for Lambda: in a Node of its own, which knows only the environment and the embedded cloud. */
export async function startStagedFunction(staged: StagedFunction): Promise<AssetProcess> {
  const { name, bundles, sources, cloud } = staged;
  await mkdir(bundles, { recursive: true });
  const folder = await mkdtemp(join(bundles, `staged-${name}-`));
  stageFunction({ bundle: join(bundles, name), sources, into: join(folder, 'function') });
  const around = staged.around ?? "export { handler } from './function/index.mjs';";
  await writeFile(join(folder, 'index.mjs'), around);
  return assetProcess(folder, environmentOf(cloud, sources));
}

function environmentOf(cloud: TestCloud, sources: readonly Source[]): Record<string, string> {
  const { endpoint, region, credentials } = cloud.connection;
  const arns = Object.fromEntries(sources.map((source) => [source.name, secretArn(source.name)]));
  return {
    [ENVIRONMENT.queueUrl]: cloud.queue.url,
    [ENVIRONMENT.deadLettersUrl]: cloud.deadLetters.url,
    [ENVIRONMENT.table]: cloud.table,
    [ENVIRONMENT.topicArn]: cloud.topicArn,
    [ENVIRONMENT.bucket]: cloud.bucket,
    [ENVIRONMENT.publicUrl]: PUBLIC_URL,
    [ENVIRONMENT.secrets]: JSON.stringify(arns),
    [ENVIRONMENT.origin]: 'headgate:test',
    [ENVIRONMENT.metricsNamespace]: 'Headgate/test',
    [ENVIRONMENT.ledgerRetention]: '86400',
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: 'local',
  };
}
