import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rootPlace } from '../../lib/core/place.ts';
import { provider as shape } from '../../lib/core/source/provider-shape.ts';
import { providers } from '../../lib/providers/index.ts';
import { providerSchema } from '../../scripts/provider-schema/provider-schema.ts';
import { basic, full, signed, token } from '../core/source/own-provider.ts';

const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
const schema = providerSchema();
const validate = ajv.compile(schema);

/** What the schema has against a value; empty when it takes it. */
function faults(value: unknown): readonly string[] {
  return validate(value) ? [] : (validate.errors ?? []).map((one) => `${one.instancePath}: ${one.message}`);
}

function isRead(value: unknown): boolean {
  const place = rootPlace('provider');
  return shape(value, place) !== undefined && place.problems.length === 0;
}

const own = { signed, token, basic, full };
const values: readonly unknown[] = [...providers, ...Object.values(own)];

test('is a schema of draft 2020-12', () => {
  expect(ajv.validateSchema(schema)).toBe(true);
});

describe('takes', () => {
  test.each(providers.map((one) => [one.name, one] as const))('our own %s', (_, value) => {
    expect(faults(value)).toEqual([]);
  });

  test.each(Object.entries(own))('a user’s own value: %s', (_, value) => {
    expect(faults(value)).toEqual([]);
  });

  test('a value in a JSON file that says where its schema is, as the parser does', () => {
    const value = { ...token, $schema: './node_modules/headgate/docs/provider.schema.json' };
    expect(faults(value)).toEqual([]);
    expect(isRead(value)).toBe(true);
  });
});

/** Every place in a value, as a path of keys. */
function* placesIn(value: unknown, at: readonly string[] = []): Generator<readonly string[]> {
  yield at;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) yield* placesIn(part, [...at, key]);
}

function changed(
  value: unknown,
  [key, ...rest]: readonly string[],
  change: (part: unknown) => unknown,
): unknown {
  if (key === undefined) return change(value);
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  Reflect.set(copy, key, changed(Reflect.get(copy, key), rest, change));
  return copy;
}

const somewhere = fc
  .constantFrom(...values)
  .chain((value) => fc.tuple(fc.constant(value), fc.constantFrom(...placesIn(value))));

/** No field takes any of these, and no object this field. */
const wrong = fc.constantFrom<(part: unknown) => unknown>(
  () => null,
  () => true,
  () => [[]],
  () => ({ 'no field': 1 }),
  () => '',
  (part) => (typeof part === 'object' && !Array.isArray(part) ? { ...part, 'no field': 1 } : null),
);

/** Anything that a typing error, or a value of another field, could make of a part. */
const mistake = fc.oneof(
  wrong,
  fc.constantFrom<(part: unknown) => unknown>(
    () => undefined,
    () => [],
    () => 0,
    () => 1.5,
    () => '{body:id}',
    () => '{body:id',
    () => 'iso',
    () => 'signed',
    (part) => [part],
    (part) => (Array.isArray(part) ? part.slice(1) : part),
    (part) => (typeof part === 'string' ? `${part}\n` : part),
  ),
);

describe('refuses', () => {
  test.each<[string, unknown]>([
    ['no provider at all', null],
    ['a list', [signed]],
    ['an unknown field', { ...signed, nmae: 'x' }],
    ['a missing scheme', { ...signed, scheme: undefined }],
    ['a scheme of no kind', { ...signed, scheme: { kind: 'hmac' } }],
    [
      'an algorithm that is none',
      { ...signed, scheme: { ...signed.scheme, versions: [{ algorithm: 'md5' }] } },
    ],
    ['a name with capitals', { ...signed, name: 'Acme' }],
    ['a template whose brace is open', { ...token, events: [{ id: '{body:id', type: 'ring' }] }],
    ['no shape of an event', { ...token, events: [] }],
    ['a unit that is none', { ...token, events: [{ type: 'x', time: { at: '{body:t}', unit: 'min' } }] }],
    ['a delivery without a time limit', { ...token, delivery: { retries: 'none' } }],
    ['a negative time limit', { ...token, delivery: { retries: 'none', timeoutMs: -1 } }],
  ])('%s, as the parser does', (_, value) => {
    const plain: unknown = JSON.parse(JSON.stringify(value));
    expect(faults(plain)).not.toEqual([]);
    expect(isRead(plain)).toBe(false);
  });

  test('whatever the parser refuses for its form', () => {
    const refused = { count: 0 };
    fc.assert(
      fc.property(somewhere, wrong, ([value, at], change) => {
        const mutant: unknown = JSON.parse(JSON.stringify(changed(value, at, change)));
        fc.pre(!isRead(mutant));
        refused.count += 1;
        expect(faults(mutant), at.join('.')).not.toEqual([]);
      }),
      { numRuns: 2_000 },
    );
    expect(refused.count).toBeGreaterThan(1_000);
  });

  test('nothing that the parser takes', () => {
    const taken = { count: 0 };
    fc.assert(
      fc.property(somewhere, mistake, ([value, at], change) => {
        const json = JSON.stringify(changed(value, at, change));
        fc.pre(json !== undefined);
        const mutant: unknown = JSON.parse(json);
        if (!isRead(mutant)) return;
        taken.count += 1;
        expect(faults(mutant), at.join('.')).toEqual([]);
      }),
      { numRuns: 4_000 },
    );
    expect(taken.count).toBeGreaterThan(100);
  });
});
