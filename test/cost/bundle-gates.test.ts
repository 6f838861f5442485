import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BundleReport, bundleFunctions, inputsAtStart } from '../../scripts/bundle-functions.ts';
import { foreignBytes, ingestFaults, metricsClients, ownBytes, processFaults } from './bundle-faults.ts';

const modules = join(import.meta.dirname, '../../node_modules');

/** What nobody may import in the ingest function's entry: the fault that it is, and the import. */
const plantedImports: Readonly<Record<string, string>> = {
  undici: "export * from 'undici';",
  SSO: "export * from '@aws-sdk/credential-provider-sso';",
  STS: "export * from '@aws-sdk/nested-clients/sts';",
  'profile files': "export * from '@aws-sdk/credential-provider-ini';",
  XML: "export * from '@aws-sdk/xml-builder';",
  S3: "export * from '@aws-sdk/client-s3';",
  zod: "export * from 'zod';",
  'X-Ray': "export * from 'aws-xray-sdk-core';",
  'AWS clients and middy': "export * from '@aws-sdk/client-dynamodb'; export * from '@aws-sdk/client-s3';",
  'our own code': "export * from '../lib/large.ts';",
  'a step of a provider': "export * from '../lib/core/steps/shout.ts';",
};

/** The same of the processor's entry alone. */
const plantedInProcess: Readonly<Record<string, string>> = {
  'Secrets Manager': "export * from '@aws-sdk/client-secrets-manager';",
  'reading resources': "export * from '../lib/core/api/read.ts';",
};

const plantedFiles: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module", "sideEffects": false }',
  'lib/large.ts': `export const large = '${'x'.repeat(60_001)}';`,
  'lib/core/api/read.ts': 'export const read = (text: string) => text.toLowerCase();',
  'lib/core/steps/shout.ts': 'export const step = (text: string) => text.toUpperCase();',
  'lib/metrics.ts': "export * from '@aws-sdk/client-cloudwatch';",
  'functions/metrics.ts': "export const metrics = () => import('../lib/metrics.ts');",
  // Packages that the project has no need of, where they would lie.
  ...Object.fromEntries(
    ['undici', 'aws-xray-sdk-core', '@aws-sdk/client-cloudwatch'].flatMap((name) => [
      [`node_modules/${name}/package.json`, `{ "name": "${name}", "main": "index.js" }`],
      [`node_modules/${name}/index.js`, "exports.send = () => 'sent';"],
    ]),
  ),
};

let root: string;
let reports: ReadonlyMap<string, BundleReport>;
let planted: ReadonlyMap<string, BundleReport>;

/** A project with the real packages, and in it one function for each planted import. */
async function plantProject(): Promise<Readonly<Record<string, string>>> {
  const functions = Object.entries({ ...plantedImports, ...plantedInProcess }).map(
    ([name, code], index) => [name, `functions/planted-${index}.ts`, code] as const,
  );
  const files = { ...plantedFiles, ...Object.fromEntries(functions.map(([, file, code]) => [file, code])) };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  for (const name of await readdir(join(modules, '@aws-sdk'))) await link(join('@aws-sdk', name));
  await link('zod');
  return Object.fromEntries(functions.map(([name, file]) => [name, file]));
}

async function link(name: string): Promise<void> {
  await symlink(join(modules, name), join(root, 'node_modules', name));
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headgate-gates-'));
  const functions = await plantProject();
  reports = await bundleFunctions({ outdir: join(root, 'real') });
  planted = await bundleFunctions({ root, functions: { ...functions, metrics: 'functions/metrics.ts' } });
}, 60_000);

afterAll(() => rm(root, { recursive: true }));

function ofFunction(name: string, of = reports): BundleReport {
  return of.get(name) ?? expect.fail(`${name} is not bundled`);
}

describe('what the ingest function loads at start', () => {
  test('is within its budget: AWS 205,000 bytes, our own 60,000, and nothing that it does not need', () => {
    expect(ingestFaults(inputsAtStart(ofFunction('ingest')))).toEqual([]);
  });

  test('is AWS clients and our own code, so that the budget is of something', () => {
    const inputs = inputsAtStart(ofFunction('ingest'));
    expect(foreignBytes(inputs)).toBeGreaterThan(100_000);
    expect(ownBytes(inputs)).toBeGreaterThan(20_000);
    expect([...inputs.keys()]).toEqual(
      expect.arrayContaining([
        'functions/ingest.ts',
        'lib/core/ingest.ts',
        expect.stringContaining('node_modules/@middy/core/'),
        expect.stringContaining('node_modules/@aws-sdk/client-sqs/'),
        expect.stringContaining('node_modules/@aws-sdk/client-secrets-manager/'),
      ]),
    );
  });

  test.each(Object.keys(plantedImports))('would be caught with %s in it', (name) => {
    expect(ingestFaults(inputsAtStart(ofFunction(name, planted)))).toContainEqual(
      expect.stringMatching(new RegExp(`^${name}: `)),
    );
  });
});

describe('what the processor loads at start', () => {
  test('is nothing that it does not need', () => {
    expect(processFaults(inputsAtStart(ofFunction('process')))).toEqual([]);
  });

  test.each([
    ...['undici', 'SSO', 'STS', 'profile files', 'S3', 'zod', 'X-Ray'],
    ...Object.keys(plantedInProcess),
  ])('would be caught with %s in it', (name) => {
    expect(processFaults(inputsAtStart(ofFunction(name, planted)))).toContainEqual(
      expect.stringMatching(new RegExp(`^${name}: `)),
    );
  });
});

describe('a client of CloudWatch', () => {
  const anywhere = (report: BundleReport): readonly string[] => metricsClients(Object.keys(report.inputs));

  test('is in no part of a function: metrics go out with the log', () => {
    for (const name of ['ingest', 'process']) expect(anywhere(ofFunction(name))).toEqual([]);
  });

  test('would be caught even in a part that is loaded later', () => {
    expect(anywhere(ofFunction('metrics', planted))).not.toEqual([]);
  });
});
