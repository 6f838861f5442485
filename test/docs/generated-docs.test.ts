import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { providers } from '../../lib/providers/index.ts';
import { generatedDocs } from '../../scripts/generated-docs.ts';

const docs = join(import.meta.dirname, '../../docs');
const generated = await generatedDocs();

const STALE = 'docs are not what the code says: run `npm run docs`, and commit what it writes';

test.each([...generated.keys()])('docs/%s is current', async (path) => {
  const text = await readFile(join(docs, path), 'utf8').catch(() => 'nothing: there is no such file');
  expect(text, STALE).toBe(generated.get(path));
});

test('there is a page for each provider, and none for one that is gone', async () => {
  const pages = await readdir(join(docs, 'providers'));
  expect(pages.toSorted(), STALE).toEqual(
    ['README.md', ...providers.map(({ name }) => `${name}.md`)].toSorted(),
  );
});

test('no two providers share a name, and so a page', () => {
  expect(new Set(providers.map(({ name }) => name)).size).toBe(providers.length);
});

test('every relative link of the pages leads to a file', async () => {
  const links = [...generated].flatMap(([path, text]) =>
    [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => join(docs, path, '..', link)),
  );
  expect(links.length).toBeGreaterThan(providers.length);
  const missing = [];
  for (const link of new Set(links)) {
    const known = generated.has(link.slice(docs.length + 1));
    if (!known && (await readFile(link).catch(() => undefined)) === undefined) missing.push(link);
  }
  expect(missing).toEqual([]);
});
