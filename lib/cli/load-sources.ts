import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '../core/errors.ts';
import { parseSources, type Source } from '../core/source.ts';
import { UsageError } from './usage-error.ts';

export const DEFAULT_SOURCES_FILE = 'bin/sources.ts';

/**
 * The sources of a TypeScript or JavaScript file, its default export, checked.
 * @throws {UsageError | ConfigurationError} that names the file, and the line or the field in it.
 * @example (await loadSources('bin/sources.ts')).map(({ name }) => name) // ['github', 'stripe']
 */
export async function loadSources(file: string): Promise<readonly Source[]> {
  if (!existsSync(file)) {
    throw new UsageError(`There is no sources file ${file}. Write one, or name yours with --sources FILE.`);
  }
  const { default: sources } = await importFile(file);
  try {
    return parseSources(sources);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(`${file}: ${error.message}`, { cause: error });
  }
}

async function importFile(file: string): Promise<{ readonly default?: unknown }> {
  try {
    return await import(pathToFileURL(resolve(file)).href);
  } catch (error) {
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    const [, url, place = ''] = /(file:\/\/[^\s():]+)(:\d+(?::\d+)?)/.exec(stack) ?? [];
    const where = url === undefined ? file : relative('', new URL(url).pathname) + place;
    throw new UsageError(`The sources file ${file} cannot be loaded: ${message} (${where}). Correct it.`, {
      cause: error,
    });
  }
}
