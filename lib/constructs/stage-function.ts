import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../core/errors.ts';
import { namedSteps } from '../core/named-steps.ts';
import { SOURCES_FILE } from '../core/resources.ts';
import type { Source } from '../core/source.ts';
import { stageSources } from '../core/staged-sources.ts';

/** The bundler's folder for the steps of providers; every other file of a bundle is always copied. */
const STEPS = 'steps';

/**
 * Puts together what one function runs: its bundle, of the steps only those that the sources name, and the sources as a file.
 * The same input gives the same bytes, so the asset's hash changes only when something did.
 *
 * @param staging.bundle the function's folder as `npm run build` makes it (`index.mjs`, `steps/<name>.mjs`, …).
 * @param staging.into the folder to fill; made when absent.
 * @throws {ConfigurationError} when the bundle is not there, or lacks a step that a source needs.
 */
export function stageFunction(staging: {
  readonly bundle: string;
  readonly sources: readonly Source[];
  readonly into: string;
}): void {
  const { bundle, sources, into } = staging;
  if (!existsSync(join(bundle, 'index.mjs'))) {
    throw new ConfigurationError(
      `There is no bundled function in ${bundle}: run \`npm run build\` first (cdk.json does it before each synth).`,
    );
  }
  mkdirSync(into, { recursive: true });
  for (const name of readdirSync(bundle)) {
    if (name !== STEPS) cpSync(join(bundle, name), join(into, name), { recursive: true });
  }
  for (const step of stepsOf(sources)) copyStep(bundle, step, into);
  writeFileSync(join(into, SOURCES_FILE), stageSources(sources));
}

/** The steps that the sources' providers name, each once. */
export function stepsOf(sources: readonly Source[]): ReadonlySet<string> {
  return new Set(sources.flatMap(({ provider }) => Object.values<string>(namedSteps(provider))));
}

function copyStep(bundle: string, step: string, into: string): void {
  const file = join(STEPS, `${step}.mjs`);
  if (!existsSync(join(bundle, file))) {
    throw new ConfigurationError(
      `A source's provider needs the step "${step}", which the bundle in ${bundle} does not have: run \`npm run build\` again.`,
    );
  }
  cpSync(join(bundle, file), join(into, file));
}
