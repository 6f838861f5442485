import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BUNDLES_CONTEXT } from '../../lib/constructs/bundled-function.ts';
import { stageFunction, stepsOf } from '../../lib/constructs/stage-function.ts';
import { WebhookReceiver } from '../../lib/constructs/webhook-receiver.ts';
import { parseSources, type Sources } from '../../lib/core/source.ts';
import { readStagedSources } from '../../lib/core/staged-sources.ts';
import { loadSteps } from '../../lib/core/steps/load-steps.ts';
import { app, BUNDLES, own, receiverStack, removeOutputs, resourcesOf, sources } from './receiver-stack.ts';

afterAll(removeOutputs);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-stage-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

const stage = async (of: Sources, into = folder): Promise<readonly string[]> => {
  stageFunction({ bundle: join(BUNDLES, 'ingest'), sources: parseSources(of), into });
  const files = await readdir(into, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(into.length + 1))
    .toSorted();
};

describe('a staged function', () => {
  test('has its entry, its lazy parts, the sources, and no step that they do not need', async () => {
    expect(await stage({ own })).toEqual(['index.mjs', 's3-calls.mjs', 'sources.json']);
  });

  test('has the steps that its sources name', async () => {
    expect(await stage(sources)).toEqual([
      'index.mjs',
      's3-calls.mjs',
      'sources.json',
      'steps/discord-acknowledgement.mjs',
      'steps/twilio-event.mjs',
      'steps/twilio-signature.mjs',
    ]);
  });

  test('finds in its file what was configured', async () => {
    await stage(sources);
    const staged = readStagedSources(await readFile(join(folder, 'sources.json'), 'utf8'));
    expect(staged).toEqual(parseSources(sources));
  });

  test('needs exactly the steps that the functions load', async () => {
    const loaded = await Promise.all(parseSources(sources).map(({ provider }) => loadSteps(provider)));
    expect(stepsOf(parseSources(sources)).size).toBe(loaded.flatMap((steps) => Object.keys(steps)).length);
  });

  test('is refused without a bundle, saying how to make one', () => {
    const bundle = join(folder, 'nothing');
    expect(() => stageFunction({ bundle, sources: [], into: folder })).toThrow(
      `There is no bundled function in ${bundle}: run \`npm run build\` first`,
    );
  });

  test('is refused without a step that a source needs', async () => {
    const bundle = join(folder, 'bundle');
    stageFunction({ bundle: join(BUNDLES, 'ingest'), sources: [], into: bundle });
    expect(() =>
      stageFunction({ bundle, sources: parseSources(sources), into: join(folder, 'out') }),
    ).toThrow(/needs the step "[\w-]+", which the bundle in .+ does not have: run `npm run build` again/);
  });
});

describe('an asset', () => {
  const keys = (of: Sources): readonly unknown[] =>
    resourcesOf(Template.fromStack(receiverStack({ sources: of }).stack), 'AWS::Lambda::Function').map(
      ([, { Properties }]) => (Properties.Code as { S3Key: unknown }).S3Key,
    );

  test('is the same for the same sources, and another for others', () => {
    const [first, second, other] = [keys({ own }), keys({ own }), keys({ own: { ...own, events: ['a.b'] } })];
    expect(second).toEqual(first);
    expect(other).toHaveLength(2);
    for (const key of first) expect(other).not.toContain(key);
  });

  test('of two receivers of one app each holds its own sources', () => {
    const of = app();
    const stack = new Stack(of, 'Two');
    for (const [id, given] of Object.entries({ One: { own }, Other: sources }))
      new WebhookReceiver(stack, id, { sources: given });
    const all = resourcesOf(Template.fromStack(stack), 'AWS::Lambda::Function').map(
      ([, { Properties }]) => (Properties.Code as { S3Key: unknown }).S3Key,
    );
    expect(new Set(all).size).toBe(4);
  });

  test('is refused when nothing was built', () => {
    expect(() => receiverStack({}, app({ [BUNDLES_CONTEXT]: folder }))).toThrow('run `npm run build` first');
  });
});
