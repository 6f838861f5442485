import { InvalidArgumentError, Option } from 'commander';

/** Options that several commands share. Nothing else is loaded here, so that help comes at once. */
export function dataOption(): Option {
  return new Option('--data <dir>', "the local receiver's data folder").default('.headgate');
}

export function secretsOption(): Option {
  return new Option(
    '--secrets <file>',
    'JSON: source → {"signing": ["…"], "api": "…"} (default: secrets.json in the data folder)',
  );
}

export function sourcesOption(): Option {
  return new Option('--sources <file>', 'the sources, TypeScript or JavaScript').default('bin/sources.ts');
}

/** An http or https URL, without what is never sent. */
export function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('It must be an http or https URL.');
  }
  url.hash = '';
  return url.href;
}

/** A reader of whole numbers within limits. */
export function readWhole(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d{1,9}$/.test(text) || number < least || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}
