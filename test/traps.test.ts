import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { providers } from '../lib/providers/index.ts';
import { traps as common, type Trap } from './traps.ts';

/** Those of `traps/` as well, by the name of their file. */
const traps: Record<string, readonly Trap[]> = { ...common };
for (const file of readdirSync(new URL('traps/', import.meta.url))) {
  const own: { readonly traps: readonly Trap[] } = await import(`./traps/${file}`);
  traps[file.replace('.ts', '')] = own.traps;
}

/** Those whose traps are another's: Svix is Standard Webhooks under another brand, both products of Adyen share a page, and so do HubSpot's schemes, and the senders that are not in the list. */
const SHARED: Readonly<Record<string, string>> = {
  svix: 'standard-webhooks',
  'adyen-platform': 'adyen',
  'hubspot-v1': 'hubspot',
  'hubspot-v2': 'hubspot',
  whatsapp: 'meta',
  messenger: 'meta',
  instagram: 'meta',
  basic: 'hmac',
  'jira-oauth': 'atlassian-connect',
  bearer: 'hmac',
  'mollie-classic': 'mollie',
};

function isHeld({ file, test: title }: Trap): boolean {
  const literal = title.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  // A title follows `test(` or, with cases, `test.each(…)(`.
  return new RegExp(`(?:\\btest|\\))\\(\\s*(['"\`])${literal}\\1,`).test(
    readFileSync(new URL(file, import.meta.url), 'utf8'),
  );
}

describe.each(Object.entries(traps))('traps of %s', (_, rows) => {
  test.each(rows)('$trap', (row) => {
    expect(isHeld(row), `test/${row.file} has no test with the title ${JSON.stringify(row.test)}`).toBe(true);
  });
});

test('no trap is there twice', () => {
  const names = Object.values(traps).flatMap((rows) => rows.map(({ trap }) => trap));
  expect(new Set(names).size).toBe(names.length);
});

test('every provider has its traps', () => {
  const missing = providers.filter(({ name }) => (traps[SHARED[name] ?? name] ?? []).length === 0);
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test('a title that no test has is noticed', () => {
  const row = {
    trap: '',
    file: 'core/scheme.test.ts',
    test: 'are all tried, and the answer says which one matched',
  };
  expect(isHeld(row)).toBe(true);
  expect(isHeld({ ...row, test: 'are all tried' })).toBe(false);
  expect(isHeld({ ...row, test: 'secrets' })).toBe(false);
});
