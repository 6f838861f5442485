import type { Source } from '../core/source.ts';
import { UsageError } from './usage-error.ts';

/** @throws {UsageError} that names the sources there are. */
export function findSource(sources: readonly Source[], name: string): Source {
  const source = sources.find((one) => one.name === name);
  if (source !== undefined) return source;
  throw new UsageError(
    `There is no source ${name}. There are: ${sources.map((one) => one.name).join(', ')}.`,
  );
}
