import { relative } from 'node:path';

/** A path as a person would type it here: what lies below the current folder, relative to it. */
export function shortPath(path: string): string {
  const short = relative('', path);
  return short === '' || short.startsWith('..') ? path : short;
}
