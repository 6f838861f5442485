import { ConfigurationError } from './errors.ts';
import type { Source } from './source.ts';

/** The text of the sources file that is staged beside a function's entry. */
export function stageSources(sources: readonly Source[]): string {
  return JSON.stringify(sources);
}

/**
 * The sources of a staged file. They were checked before they were staged, and the file lies in the function's own asset:
 * so a function carries this reader, and not the parser.
 * @throws {ConfigurationError} when the text is no list in JSON.
 */
export function readStagedSources(text: string): readonly Source[] {
  let sources: unknown;
  try {
    sources = JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError('The staged sources file is not JSON: deploy the function again.', {
      cause,
    });
  }
  if (!Array.isArray(sources)) {
    throw new ConfigurationError(
      'The staged sources file holds no list of sources: deploy the function again.',
    );
  }
  return sources;
}
