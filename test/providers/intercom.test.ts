import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { versionOf } from '../../lib/core/instant.ts';
import { readResource } from '../../lib/core/read-resource.ts';
import { intercom } from '../../lib/providers/intercom.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { readOne, reconcilingSource, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/intercom.ts';

const source = sourceOf(intercom);
const [{ request }] = fixture.samples;
const check = (body: Buffer, signature: string) =>
  outcomeOf(fixture, { ...request, body, headers: { ...request.headers, 'x-hub-signature': signature } }, [
    fixture.secret,
  ]);

describe('a signature', () => {
  test('is made with SHA-1, and one with SHA-256 is none', async () => {
    const [sha1, sha256] = ['sha1', 'sha256'].map((hash) =>
      createHmac(hash, fixture.secret).update(request.body).digest('hex'),
    );
    expect(await check(request.body, `sha1=${sha1}`)).toBe('verified by newest');
    expect(await check(request.body, `sha256=${sha256}`)).toBe('malformed-signature');
    expect(await check(request.body, `sha1=${sha256}`)).toBe('malformed-signature');
  });

  test('is over the line breaks and tabs of a ping too', async () => {
    const ping = fixture.handshakes?.find(({ guard }) => guard === 'verified')?.request;
    const { body, headers } = ping ?? request;
    const signature = headers['x-hub-signature'] ?? '';
    expect(await check(body, signature)).toBe('verified by newest');
    const rewritten = Buffer.from(JSON.stringify(JSON.parse(body.toString())));
    expect(await check(rewritten, signature)).toBe('wrong-signature');
  });
});

test('a notification is the same at its next attempt, whatever that counts', async () => {
  const attempt = (counts: object) =>
    readOne(source, { body: JSON.stringify({ ...JSON.parse(request.body.toString()), ...counts }) });
  const first = await attempt({});
  const second = await attempt({
    delivery_attempts: 2,
    delivery_status: 'retry',
    delivered_at: 1_795_514_460,
    first_sent_at: 1_795_514_400,
  });
  expect(second.key).toBe(first.key);
  expect(second.fingerprint).toBe(first.fingerprint);
  expect((await attempt({ topic: 'conversation.user.replied' })).fingerprint).not.toBe(first.fingerprint);
});

test('a contact that is read is never taken for older than its event, whose time has milliseconds', async () => {
  const [, { request: contact } = { request }] = fixture.samples;
  const { resource, version } = await readOne(reconcilingSource(intercom), { body: contact.body });
  const answer = fixture.resources?.find(({ path }) => path === resource?.path)?.body ?? '';
  const seconds = versionOf(String(JSON.parse(answer).updated_at), 's') ?? '';
  expect(seconds < (version ?? '')).toBe(true);
  expect(readResource(answer, resource?.shape ?? {})).toEqual({ kind: 'stands' });
});
