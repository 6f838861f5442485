import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ConfigurationError } from '../core/errors.ts';
import { parseSources, type Source } from '../core/source.ts';
import { shortPath } from './short-path.ts';
import { UsageError } from './usage-error.ts';

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
    const place = placeIn(stack);
    throw new UsageError(
      `The sources file ${file} cannot be loaded: ${message}${place && ` (${place})`}. Correct it.`,
      {
        cause: error,
      },
    );
  }
}

/** Where it went wrong: syntax errors begin with it, others name it behind the first `at`. Empty when Node does not say. */
function placeIn(stack: string): string {
  const [, path, line] =
    /^((?:file:\/\/)?\/.+):(\d+)$/m.exec(stack) ?? /(file:\/\/\/[^\s()]+?):(\d+:\d+)/.exec(stack) ?? [];
  if (path === undefined) return '';
  return `${shortPath(path.startsWith('file:') ? fileURLToPath(path) : path)}:${line}`;
}
