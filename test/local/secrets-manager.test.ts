import {
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EmbeddedCloud, startEmbeddedCloud } from '../../lib/local/embedded-cloud.ts';
import { memorySecretStore, SecretsFileError } from '../../lib/local/secret-store.ts';
import { secretArn } from '../../lib/local/secrets-manager.ts';
import { type CloudClients, cloudClients } from './cloud-clients.ts';

let cloud: EmbeddedCloud;
let clients: CloudClients;
let now = 1_700_000_000_000;
const memory = memorySecretStore({ github: { signing: ['a'] }, 'my-abcdef': 'x' }, () => now);

beforeAll(async () => {
  const read = (name: string) => {
    if (name === 'broken') throw new SecretsFileError({ path: '/secrets.json', trouble: 'is not JSON' });
    return memory.read(name);
  };
  cloud = await startEmbeddedCloud({ secrets: { read, write: memory.write } });
  clients = cloudClients(cloud.endpoint);
});
afterAll(async () => {
  clients.destroy();
  await cloud.close();
});

const get = (SecretId: string, VersionStage?: string) =>
  clients.secrets.send(
    new GetSecretValueCommand({ SecretId, ...(VersionStage === undefined ? {} : { VersionStage }) }),
  );

describe('Secrets Manager', () => {
  test('gives the current version with the time of its creation', async () => {
    expect(await get('github')).toMatchObject({
      Name: 'github',
      ARN: secretArn('github'),
      SecretString: '{"signing":["a"]}',
      VersionStages: ['AWSCURRENT'],
      CreatedDate: new Date(1_700_000_000_000),
    });
  });

  test('gives both versions of a rotated secret by their stages', async () => {
    const before = await get('github');
    now += 60_000;
    memory.put('github', { signing: ['b'] });
    const current = await get('github', 'AWSCURRENT');
    const previous = await get('github', 'AWSPREVIOUS');
    expect(current).toMatchObject({ SecretString: '{"signing":["b"]}', CreatedDate: new Date(now) });
    expect(previous).toMatchObject({
      SecretString: before.SecretString,
      VersionId: before.VersionId,
      VersionStages: ['AWSPREVIOUS'],
      CreatedDate: before.CreatedDate,
    });
    expect(current.VersionId).not.toBe(previous.VersionId);
  });

  test.each([
    secretArn('github'),
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:github',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:github-AbC123',
  ])('finds a secret by the ARN %s', async (arn) => {
    expect((await get(arn)).Name).toBe('github');
  });

  test('takes a name that ends like a suffix for what it is', async () => {
    expect((await get('my-abcdef')).Name).toBe('my-abcdef');
    expect((await get(secretArn('my-abcdef'))).Name).toBe('my-abcdef');
  });

  test.each([
    ['an unknown secret', 'missing', undefined],
    ['a name with a suffix', 'github-AbC123', undefined],
    ['a previous version that there is not', 'my-abcdef', 'AWSPREVIOUS'],
    ['an unknown stage', 'my-abcdef', 'AWSPENDING'],
  ])('answers %s with ResourceNotFoundException', async (_, id, stage) => {
    await expect(get(id, stage)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('answers 500 and says why when the store cannot be read', async () => {
    const call = get('broken');
    await expect(call).rejects.toMatchObject({
      name: 'InternalServiceError',
      $metadata: { httpStatusCode: 500 },
    });
    await expect(call).rejects.toThrow(/secrets\.json is not JSON/);
  });

  test('refuses operations that it does not emulate', async () => {
    const call = clients.secrets.send(new ListSecretsCommand({}));
    await expect(call).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });
});

describe('a version that is put', () => {
  const put = (SecretString: string, ClientRequestToken?: string, VersionStages?: string[]) =>
    clients.secrets.send(
      new PutSecretValueCommand({
        SecretId: 'asana',
        SecretString,
        ...(ClientRequestToken && { ClientRequestToken }),
        ...(VersionStages && { VersionStages }),
      }),
    );
  const move = (MoveToVersionId: string, RemoveFromVersionId?: string) =>
    clients.secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId: 'asana',
        VersionStage: 'AWSCURRENT',
        MoveToVersionId,
        ...(RemoveFromVersionId && { RemoveFromVersionId }),
      }),
    );
  const current = async () => get('asana');
  beforeEach(() => memory.put('asana', '{}'));

  test('is the current one, and the one before it AWSPREVIOUS', async () => {
    const { VersionId } = await put('new');
    expect(await current()).toMatchObject({ SecretString: 'new', VersionId });
    expect(await get('asana', 'AWSPREVIOUS')).toMatchObject({ SecretString: '{}' });
  });

  test('lies beside the current one under a label of its own, until that is moved to it', async () => {
    const before = await current();
    const { VersionId = '' } = await put('new', undefined, ['MINE']);
    expect(await current()).toMatchObject({ SecretString: '{}', VersionId: before.VersionId });
    await move(VersionId, before.VersionId);
    expect(await current()).toMatchObject({ SecretString: 'new', VersionId });
    expect(await get('asana', 'AWSPREVIOUS')).toMatchObject({ VersionId: before.VersionId });
  });

  test('is the same for the same token, and never another', async () => {
    const token = `a-token-of-more-than-32-characters-${now}`;
    await put('new', token, ['MINE']);
    expect(await put('new', token, ['MINE'])).toMatchObject({ VersionId: token });
    await expect(put('other', token, ['MINE'])).rejects.toMatchObject({ name: 'ResourceExistsException' });
    await expect(put('other', token)).rejects.toMatchObject({ name: 'ResourceExistsException' });
    expect(await current()).toMatchObject({ SecretString: '{}' });
  });

  test('becomes the current one only from the version that is', async () => {
    const first = await current();
    const { VersionId: second = '' } = await put('second', undefined, ['MINE']);
    const { VersionId: third = '' } = await put('third', undefined, ['MINE']);
    const refused = { name: 'InvalidParameterException' };
    await expect(move(second)).rejects.toMatchObject(refused);
    await expect(move(second, third)).rejects.toMatchObject(refused);
    await move(second, first.VersionId);
    await expect(move(third, first.VersionId)).rejects.toMatchObject(refused);
    await expect(move(second, first.VersionId)).rejects.toMatchObject(refused);
    await move(second, second);
    await expect(move('no-such-version', second)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(await current()).toMatchObject({ SecretString: 'second' });
  });
});
