import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { secretsManagerClient, secretsManagerSecrets } from '../../lib/aws/secrets-manager-secrets.ts';
import { ConfigurationError } from '../../lib/core/errors.ts';
import type { Secrets } from '../../lib/core/ports.ts';
import type { SourceSecrets } from '../../lib/core/secret.ts';
import type { Source } from '../../lib/core/source.ts';
import type { SecretValue } from '../../lib/local/secret-store.ts';
import { secretArn } from '../../lib/local/secrets-manager.ts';
import { plainProvider, sourceOf } from '../core/intake-cases.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

const GET = 'secretsmanager:GetSecretValue';
const HOUR = 3_600_000;

let now = Date.UTC(2026, 10, 24, 10);
let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ now: () => now });
});
afterAll(() => cloud.close());
beforeEach(() => {
  cloud.calls.length = 0;
  cloud.breakCalls(undefined);
});

/** A source of its own for each test, with what is stored for it. */
let sources = 0;
function stored(
  value: SecretValue | undefined,
  overlap?: number,
): { source: Source; put: (value: SecretValue) => void } {
  sources += 1;
  const name = `source-${sources}`;
  if (value !== undefined) cloud.secrets.put(name, value);
  const options = overlap === undefined ? {} : { secretOverlapSeconds: overlap };
  return { source: sourceOf(plainProvider({ name }), options), put: (next) => cloud.secrets.put(name, next) };
}

function reader(source: Source): Secrets {
  return secretsManagerSecrets({
    client: secretsManagerClient(3_000, cloud.connection),
    limitMs: 3_000,
    arns: new Map([[source.name, secretArn(source.name)]]),
    now: () => now,
  });
}

const texts = ({ signing }: SourceSecrets): readonly string[] =>
  signing.map(({ secret, age }) => `${age} ${secret}`);

describe('a first read', () => {
  test('takes one call where a list is the whole truth, and none after it', async () => {
    const { source } = stored({ signing: ['new', 'old'], api: 'key' });
    const secrets = reader(source);
    const read = await secrets.read(source);
    expect(texts(read)).toEqual(['newest new', 'older old']);
    expect(read.api).toBe('key');
    expect(await secrets.read(source)).toBe(read);
    expect(cloud.calls).toEqual([GET]);
  });

  test('is shared by all who come in the meantime', async () => {
    const { source } = stored({ signing: ['a'] });
    const secrets = reader(source);
    const reads = await Promise.all(Array.from({ length: 10 }, () => secrets.read(source)));
    expect(new Set(reads).size).toBe(1);
    expect(cloud.calls).toEqual([GET]);
  });

  test('finds no secret where none is stored yet', async () => {
    const { source } = stored(undefined);
    expect(await reader(source).read(source)).toEqual({ signing: [] });
  });

  test.each(['', '{}', '{"signing":[]}'])(
    'finds no secret in one that was created empty: %s',
    async (text) => {
      const { source } = stored(text);
      expect(texts(await reader(source).read(source))).toEqual([]);
    },
  );

  test('of a secret in another form says what is allowed, and quotes nothing', async () => {
    const { source } = stored('{"signing": 7, "canary": 1}');
    const read = reader(source).read(source);
    await expect(read).rejects.toThrow(ConfigurationError);
    await expect(read).rejects.not.toThrow('canary');
  });

  test('of one in another form is remembered for the half minute: anybody can ask for the next', async () => {
    const { source, put } = stored('{"signing": 7}');
    const secrets = reader(source);
    for (let asked = 0; asked < 5; asked += 1)
      await expect(secrets.read(source)).rejects.toThrow(ConfigurationError);
    expect(cloud.calls).toEqual([GET]);
    put({ signing: ['a'] });
    now += 29_999;
    await expect(secrets.read(source)).rejects.toThrow(ConfigurationError);
    now += 1;
    expect(texts(await secrets.read(source))).toEqual(['newest a']);
    expect(cloud.calls).toEqual([GET, GET]);
  });

  test.each(['fail', 'throttle', 'lose-answer'] as const)(
    'that fails is told, and tried again: %s',
    async (fault) => {
      const { source } = stored({ signing: ['a'] });
      const secrets = reader(source);
      cloud.breakCalls(() => fault);
      await expect(secrets.read(source)).rejects.toMatchObject({ name: 'InfrastructureError', call: GET });
      cloud.breakCalls(undefined);
      expect(texts(await secrets.read(source))).toEqual(['newest a']);
    },
  );
});

describe('the version before the current one', () => {
  test('verifies for its overlap where the secret is one text, and not a moment longer', async () => {
    const { source, put } = stored('old', 3_600);
    now += HOUR;
    put('new');
    const secrets = reader(source);
    expect(texts(await secrets.read(source))).toEqual(['newest new', 'older old']);
    expect(cloud.calls).toEqual([GET, GET]);
    now += HOUR - 1;
    expect(texts(await secrets.read(source))).toEqual(['newest new', 'older old']);
    now += 1;
    expect(texts(await secrets.read(source))).toEqual(['newest new']);
  });

  test('ends also while Secrets Manager is down', async () => {
    const { source, put } = stored('old', 3_600);
    put('new');
    const secrets = reader(source);
    await secrets.read(source);
    cloud.breakCalls(() => 'fail');
    now += HOUR;
    expect(texts(await secrets.read(source))).toEqual(['newest new']);
  });

  test.each<[string, SecretValue, SecretValue, number | undefined]>([
    ['a list is the whole truth', { signing: ['old'] }, { signing: ['new'] }, undefined],
    ['the overlap is turned off', 'old', 'new', 0],
  ])('is not even read where %s', async (_what, before, after, overlap) => {
    const { source, put } = stored(before, overlap);
    put(after);
    expect(texts(await reader(source).read(source))).toEqual(['newest new']);
    expect(cloud.calls).toEqual([GET]);
  });

  test('need not exist', async () => {
    const { source } = stored('only');
    expect(texts(await reader(source).read(source))).toEqual(['newest only']);
    expect(cloud.calls).toEqual([GET, GET]);
  });

  test('that cannot be read now fails the read: deliveries signed with it would be lost', async () => {
    const { source, put } = stored('old');
    put('new');
    let calls = 0;
    cloud.breakCalls(() => {
      calls += 1;
      return calls > 1 ? 'fail' : undefined;
    });
    await expect(reader(source).read(source)).rejects.toMatchObject({ name: 'InfrastructureError' });
  });
});

describe('after a mismatch', () => {
  test('the secrets are read again, once per half minute', async () => {
    const { source, put } = stored({ signing: ['old'] });
    const secrets = reader(source);
    const old = await secrets.read(source);
    put({ signing: ['new'] });
    const renewed = await secrets.refresh(source, old);
    expect(renewed && texts(renewed)).toEqual(['newest new']);
    expect(await secrets.read(source)).toBe(renewed);
    cloud.calls.length = 0;
    now += 29_999;
    expect(await secrets.refresh(source, renewed as SourceSecrets)).toBeUndefined();
    expect(cloud.calls).toEqual([]);
    now += 1;
    expect(await secrets.refresh(source, renewed as SourceSecrets)).toBeDefined();
    expect(cloud.calls).toEqual([GET]);
  });

  test('one read serves all who waited, and those who come late with what was replaced', async () => {
    const { source, put } = stored({ signing: ['old'] });
    const secrets = reader(source);
    const old = await secrets.read(source);
    put({ signing: ['new'] });
    cloud.calls.length = 0;
    const [first, second] = await Promise.all([secrets.refresh(source, old), secrets.refresh(source, old)]);
    expect(first).toBe(second);
    expect(await secrets.refresh(source, old)).toBe(first);
    expect(cloud.calls).toEqual([GET]);
  });

  test('a source does not use up another one’s turn', async () => {
    const [one, two] = [stored({ signing: ['1'] }), stored({ signing: ['2'] })];
    const secrets = secretsManagerSecrets({
      client: secretsManagerClient(3_000, cloud.connection),
      limitMs: 3_000,
      arns: new Map([one, two].map(({ source }) => [source.name, secretArn(source.name)])),
      now: () => now,
    });
    const [first, second] = [await secrets.read(one.source), await secrets.read(two.source)];
    expect(await secrets.refresh(one.source, first)).toBeDefined();
    expect(await secrets.refresh(two.source, second)).toBeDefined();
  });

  test('a failure is remembered for the half minute: until then nobody knows', async () => {
    const { source } = stored({ signing: ['a'] });
    const secrets = reader(source);
    const known = await secrets.read(source);
    cloud.breakCalls(() => 'fail');
    await expect(secrets.refresh(source, known)).rejects.toMatchObject({ name: 'InfrastructureError' });
    cloud.breakCalls(undefined);
    cloud.calls.length = 0;
    await expect(secrets.refresh(source, known)).rejects.toMatchObject({ name: 'InfrastructureError' });
    expect(cloud.calls).toEqual([]);
    expect(await secrets.read(source)).toBe(known);
    now += 30_000;
    expect(await secrets.refresh(source, known)).toBeDefined();
  });
});

describe('kept secrets', () => {
  test('are read anew after an hour, so that one that was taken away stops to verify', async () => {
    const { source, put } = stored({ signing: ['new', 'leaked'] });
    const secrets = reader(source);
    await secrets.read(source);
    put({ signing: ['new'] });
    now += HOUR - 1;
    expect(texts(await secrets.read(source))).toEqual(['newest new', 'older leaked']);
    now += 1;
    expect(texts(await secrets.read(source))).toEqual(['newest new']);
  });

  test('that were replaced by ones in another form are not read anew for every request', async () => {
    const { source, put } = stored({ signing: ['a'] });
    const secrets = reader(source);
    await secrets.read(source);
    put('{"signing": 7}');
    now += HOUR;
    cloud.calls.length = 0;
    for (let asked = 0; asked < 3; asked += 1)
      await expect(secrets.read(source)).rejects.toThrow(ConfigurationError);
    expect(cloud.calls).toEqual([GET]);
  });

  test('serve while Secrets Manager is down, which is asked again only every half minute', async () => {
    const { source } = stored({ signing: ['a'] });
    const secrets = reader(source);
    await secrets.read(source);
    now += 2 * HOUR;
    cloud.breakCalls(() => 'fail');
    expect(texts(await secrets.read(source))).toEqual(['newest a']);
    cloud.calls.length = 0;
    expect(texts(await secrets.read(source))).toEqual(['newest a']);
    expect(cloud.calls).toEqual([]);
    now += 30_000;
    cloud.breakCalls(undefined);
    await secrets.read(source);
    expect(cloud.calls).toEqual([GET]);
  });
});
