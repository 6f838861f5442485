import { expect, test } from 'vitest';
import { receiverSecrets, signerOf } from '../../lib/local/runner-secrets.ts';
import { memorySecretStore, type SecretValue } from '../../lib/local/secret-store.ts';

function received(value: SecretValue): string | undefined {
  return receiverSecrets(memorySecretStore({ source: value }, Date.now)).read('source')?.current.text;
}

function signer(value: SecretValue): string | undefined {
  const secret = memorySecretStore({ source: value }, Date.now).read('source');
  return secret === undefined ? undefined : signerOf(secret.current, 'shared');
}

test('keeps the private key from the receiver, also in the version before', () => {
  const store = memorySecretStore({ source: { signing: ['public'], signer: 'private 1' } }, Date.now);
  store.put('source', { signing: ['public 2'], api: 'key', signer: 'private 2' });
  const secret = receiverSecrets(store).read('source');
  expect(secret?.current.text).toBe('{"signing":["public 2"],"api":"key"}');
  expect(secret?.previous?.text).toBe('{"signing":["public"]}');
});

test('passes on a secret without a private key as it stands', () => {
  expect(received('a bare secret')).toBe('a bare secret');
  expect(received('{"signing":["a"], "api":"b"}')).toBe('{"signing":["a"], "api":"b"}');
  expect(receiverSecrets(memorySecretStore({}, Date.now)).read('other')).toBeUndefined();
});

test('writes what the receiver stores, and signs with that from then on', () => {
  const store = memorySecretStore({ source: { signing: [], signer: 'of before' } }, Date.now);
  receiverSecrets(store).write('source', '{"signing":["installed"]}', 'the-version');
  const { current } = store.read('source') ?? {};
  expect(current && signerOf(current, 'shared')).toBe('installed');
});

test.each<[string, SecretValue, string | undefined]>([
  ['the private key where there is one', { signing: ['public'], signer: 'private' }, 'private'],
  ['the newest secret of a list', { signing: ['new', 'old'] }, 'new'],
  ['the one secret', { signing: 'only' }, 'only'],
  ['the bare text', 'bare', 'bare'],
  ['nothing where the secret is empty', { signing: [] }, undefined],
  ['nothing where it is blank', { signing: [' '] }, undefined],
])('signs with %s', (_, value, expected) => {
  expect(signer(value)).toBe(expected);
});

test('never signs with a public key', () => {
  const secret = memorySecretStore({ source: { signing: ['public'] } }, Date.now).read('source');
  expect(secret && signerOf(secret.current, 'pair')).toBeUndefined();
});
