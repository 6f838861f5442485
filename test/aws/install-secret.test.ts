import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { secretsManagerClient, secretsManagerSecrets } from '../../lib/aws/secrets-manager-secrets.ts';
import { ConfigurationError } from '../../lib/core/errors.ts';
import type { SecretInstaller, Secrets } from '../../lib/core/ports.ts';
import type { SigningSecret, SourceSecrets } from '../../lib/core/secret.ts';
import type { Source } from '../../lib/core/source.ts';
import type { SecretValue } from '../../lib/local/secret-store.ts';
import { secretArn } from '../../lib/local/secrets-manager.ts';
import { plainProvider, sourceOf } from '../core/intake-cases.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

const GET = 'secretsmanager:GetSecretValue';
const PUT = 'secretsmanager:PutSecretValue';
const MOVE = 'secretsmanager:UpdateSecretVersionStage';
const [KEY, OTHER] = ['canary-key-of-the-provider', 'canary-key-of-somebody'] as [
  SigningSecret,
  SigningSecret,
];

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

let sources = 0;
/** A source in set-up of its own for each test. */
function sourceWith(stored: SecretValue): Source {
  sources += 1;
  const name = `setup-${sources}`;
  cloud.secrets.put(name, stored);
  return sourceOf(plainProvider({ name }), { setup: 'install-secret' });
}

/** One sandbox's view of the source's secrets. */
function sandbox(source: Source): Secrets & SecretInstaller {
  return secretsManagerSecrets({
    client: secretsManagerClient(3_000, cloud.connection),
    limitMs: 3_000,
    arns: new Map([[source.name, secretArn(source.name)]]),
    now: () => now,
  });
}

const texts = ({ signing }: SourceSecrets): readonly string[] => signing.map(({ secret }) => secret);
const stored = ({ name }: Source): unknown => JSON.parse(cloud.secrets.read(name)?.current.text ?? 'null');

describe('a first secret', () => {
  // As the stack makes it, and as people empty one.
  test.each(['{}', '{"signing":[]}', '', ' '])('is stored where there is none: %j', async (empty) => {
    const source = sourceWith(empty);
    const secrets = sandbox(source);
    expect(texts(await secrets.read(source))).toEqual([]);
    expect(await secrets.install(source, KEY)).toBe('installed');
    expect(stored(source)).toEqual({ signing: [KEY] });
  });

  test('is known at once in this sandbox, and in others after a request that does not fit', async () => {
    const source = sourceWith('{}');
    const [here, there] = [sandbox(source), sandbox(source)];
    const before = await there.read(source);
    await here.install(source, KEY);
    cloud.calls.length = 0;
    expect(texts(await here.read(source))).toEqual([KEY]);
    expect(cloud.calls).toEqual([]);
    expect(texts((await there.refresh(source, before)) ?? before)).toEqual([KEY]);
  });

  test('is not forgotten for what somebody has begun to read before', async () => {
    const source = sourceWith('{}');
    const secrets = sandbox(source);
    const [, outcome] = await Promise.all([secrets.read(source), secrets.install(source, KEY)]);
    expect(outcome).toBe('installed');
    expect(texts(await secrets.read(source))).toEqual([KEY]);
  });

  test('leaves the other fields as they are', async () => {
    const source = sourceWith({ api: 'key', verify: 'token' });
    await sandbox(source).install(source, KEY);
    expect(stored(source)).toEqual({ signing: [KEY], api: 'key', verify: 'token' });
  });

  test('takes three calls: read, store beside, make current', async () => {
    const source = sourceWith('{}');
    await sandbox(source).install(source, KEY);
    expect(cloud.calls).toEqual([GET, PUT, MOVE]);
  });

  test('becomes the current version only from the one that was read', async () => {
    const source = sourceWith('{}');
    cloud.breakCalls(({ operation }) => {
      if (operation === 'UpdateSecretVersionStage') cloud.secrets.put(source.name, { signing: ['by hand'] });
      return undefined;
    });
    expect(await sandbox(source).install(source, KEY)).toBe('kept');
    expect(stored(source)).toEqual({ signing: ['by hand'] });
  });
});

describe('a secret that is there', () => {
  test.each<[string, SecretValue]>([
    ['in a list', { signing: ['stored'], api: 'key' }],
    ['as one text', { signing: 'stored' }],
    ['bare', 'stored'],
    ['as somebody’s placeholder, which could be a secret', 'CHANGE-ME'],
    ['as JSON that is no object', '[]'],
  ])('%s is read anew, and stays', async (_, value) => {
    const source = sourceWith('{}');
    const secrets = sandbox(source);
    // The cache says that there is none.
    await secrets.read(source);
    cloud.secrets.put(source.name, value);
    cloud.calls.length = 0;
    expect(await secrets.install(source, KEY)).toBe('kept');
    expect(cloud.calls).not.toContain(PUT);
    expect(texts(await secrets.read(source))).toHaveLength(1);
    expect(texts(await secrets.read(source))).not.toContain(KEY);
  });

  test('stays while the version before still verifies', async () => {
    const source = sourceWith('stored');
    cloud.secrets.put(source.name, '');
    const secrets = sandbox(source);
    expect(await secrets.install(source, KEY)).toBe('kept');
    now += source.secretOverlapSeconds * 1000;
    expect(await secrets.install(source, KEY)).toBe('installed');
  });

  test('stays when nobody can read it', async () => {
    const source = sourceWith('{"signing": 7}');
    await expect(sandbox(source).install(source, KEY)).rejects.toThrow(ConfigurationError);
    expect(cloud.calls).toEqual([GET]);
    expect(stored(source)).toEqual({ signing: 7 });
  });
});

describe('of two at a time', () => {
  test.each([
    ['in two sandboxes', (source: Source) => [sandbox(source), sandbox(source)] as const],
    [
      'in one',
      (source: Source) => {
        const one = sandbox(source);
        return [one, one] as const;
      },
    ],
  ])('one is stored, and both know which: %s', async (_, sandboxes) => {
    const source = sourceWith('{}');
    const [one, two] = sandboxes(source);
    const outcomes = await Promise.all([one.install(source, KEY), two.install(source, OTHER)]);
    expect(outcomes.toSorted()).toEqual(['installed', 'kept']);
    const winner = outcomes[0] === 'installed' ? KEY : OTHER;
    expect(stored(source)).toEqual({ signing: [winner] });
    for (const each of [one, two]) expect(texts(await each.read(source))).toEqual([winner]);
  });
});

describe('a call that fails', () => {
  const only = (operation: string, fault: 'fail' | 'throttle' | 'lose-answer') =>
    cloud.breakCalls((call) => (call.operation === operation ? fault : undefined));

  test.each([
    ['GetSecretValue', 'fail'],
    ['GetSecretValue', 'lose-answer'],
    ['PutSecretValue', 'fail'],
    ['PutSecretValue', 'throttle'],
    ['PutSecretValue', 'lose-answer'],
    ['UpdateSecretVersionStage', 'fail'],
    ['UpdateSecretVersionStage', 'throttle'],
  ] as const)('leaves nothing half done, and can be tried again: %s %s', async (operation, fault) => {
    const source = sourceWith('{"api":"key"}');
    const secrets = sandbox(source);
    only(operation, fault);
    await expect(secrets.install(source, KEY)).rejects.toMatchObject({ name: 'InfrastructureError' });
    expect(stored(source)).toEqual({ api: 'key' });
    cloud.breakCalls(undefined);
    now += 30_000;
    // Another one by now, as Asana sends with each webhook.
    expect(await secrets.install(source, OTHER)).toBe('installed');
    expect(stored(source)).toEqual({ signing: [OTHER], api: 'key' });
  });

  test('only on its way back has done its work, and is known to have', async () => {
    const source = sourceWith('{}');
    only('UpdateSecretVersionStage', 'lose-answer');
    expect(await sandbox(source).install(source, KEY)).toBe('installed');
    expect(stored(source)).toEqual({ signing: [KEY] });
    // The second try finds the label where it should be.
    expect(cloud.calls).toEqual([GET, PUT, MOVE, MOVE, GET]);
  });

  test('once does no harm: the client tries again under the same token', async () => {
    for (const operation of ['PutSecretValue', 'UpdateSecretVersionStage']) {
      const source = sourceWith('{}');
      let seen = 0;
      cloud.breakCalls((call) => {
        if (call.operation !== operation) return undefined;
        seen += 1;
        return seen === 1 ? 'lose-answer' : undefined;
      });
      expect(await sandbox(source).install(source, KEY)).toBe('installed');
      expect(stored(source)).toEqual({ signing: [KEY] });
    }
  });

  test('is not repeated for half a minute: nobody has proved anything', async () => {
    const source = sourceWith('{}');
    const secrets = sandbox(source);
    only('PutSecretValue', 'fail');
    const failure = await secrets.install(source, KEY).catch((error: unknown) => error);
    cloud.calls.length = 0;
    now += 29_999;
    await expect(secrets.install(source, OTHER)).rejects.toBe(failure);
    expect(cloud.calls).toEqual([]);
    expect(String(failure)).not.toContain('canary');
    cloud.breakCalls(undefined);
    now += 1;
    expect(await secrets.install(source, OTHER)).toBe('installed');
  });
});
