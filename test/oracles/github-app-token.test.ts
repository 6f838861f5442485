import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCredentials } from '../../lib/core/api/credentials.ts';

let folder: string;
const openssl = (...args: string[]): string =>
  execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headgate-openssl-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether OpenSSL finds the RS256 signature (RFC 7518, 3.3) genuine. */
function verifies(token: string): boolean {
  const [header, claims, signature = ''] = token.split('.');
  writeFileSync(join(folder, 'signed'), `${header}.${claims}`);
  writeFileSync(join(folder, 'signature'), Buffer.from(signature, 'base64url'));
  try {
    return openssl('dgst', '-sha256', '-verify', 'public.pem', '-signature', 'signature', 'signed').includes(
      'Verified OK',
    );
  } catch {
    return false;
  }
}

test('OpenSSL finds a GitHub App’s token genuine, by a key that it made, and no other', () => {
  const privateKey = openssl('genrsa', '-traditional', '2048');
  expect(privateKey).toContain('BEGIN RSA PRIVATE KEY');
  writeFileSync(join(folder, 'private.pem'), privateKey);
  openssl('rsa', '-in', 'private.pem', '-pubout', '-out', 'public.pem');
  const exchange = readCredentials(
    { kind: 'github-app' },
    JSON.stringify({ appId: 1, installationId: 2, privateKey }),
  );
  if (exchange.kind !== 'exchange') throw new Error(exchange.kind);
  const token = (exchange.headersAt(1_795_000_000_000).authorization ?? '').replace('Bearer ', '');
  expect(verifies(token)).toBe(true);
  const [header, claims = '', signature] = token.split('.');
  const other = Buffer.from(claims, 'base64url').toString().replace('"iss":"1"', '"iss":"3"');
  expect(verifies([header, Buffer.from(other).toString('base64url'), signature].join('.'))).toBe(false);
});
