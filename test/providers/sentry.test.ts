import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decideContent } from '../../lib/core/claim.ts';
import { sentry } from '../../lib/providers/sentry.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { JSON_TYPE, read, readOne, sourceOf } from '../core/intake-cases.ts';
import { SECRET, take } from '../core/intake-world.ts';
import { fixture } from '../fixtures/sentry.ts';

const source = sourceOf(sentry);
const [{ request }] = fixture.samples;
const sent = (resource: string, action: string, data: object, more: Record<string, string> = {}) => ({
  body: JSON.stringify({ action, data }),
  headers: {
    ...JSON_TYPE,
    'request-id': 'r1',
    'sentry-hook-resource': resource,
    ...more,
  },
});

describe('a signature', () => {
  test('is over the escapes that Sentry writes: its own sample, which writes the JSON anew, fails at the first umlaut', async () => {
    const rewritten = Buffer.from(JSON.stringify(JSON.parse(request.body.toString())));
    expect(rewritten.length).not.toBe(request.body.length);
    expect(await outcomeOf(fixture, { ...request, body: rewritten }, [fixture.secret])).toBe(
      'wrong-signature',
    );
  });

  test('covers no time: the header says nothing', async () => {
    const headers = { ...request.headers, 'sentry-hook-timestamp': '1' };
    expect(await outcomeOf(fixture, { ...request, headers }, [fixture.secret])).toBe('verified by newest');
  });

  test('of a UI component is none: such calls want an answer of their own', async () => {
    const { 'sentry-hook-signature': signature = '', ...rest } = request.headers;
    const headers = { ...rest, 'sentry-app-signature': signature };
    expect(await outcomeOf(fixture, { ...request, headers }, [fixture.secret])).toBe('missing-signature');
  });
});

describe('an event', () => {
  test.each([
    ['issue', { error: {} }],
    ['issue', { issue: {}, activity: {} }],
    ['error', { issue: {} }],
    ['event_alert', { issue: {} }],
    ['metric_alert', { event: {} }],
    ['comment', { issue: {} }],
  ])('whose body contradicts the resource in the header is refused: %s with %j', async (resource, data) => {
    expect(await read(source, sent(resource, 'created', data))).toMatchObject({
      events: [],
      unreadable: [{ reason: 'contradicted-type' }],
    });
  });

  test('of a resource that is not known yet is taken as it says', async () => {
    expect(
      await readOne(source, sent('preprod_artifact', 'build_completed', { buildId: '1' })),
    ).toMatchObject({ type: 'preprod_artifact.build_completed' });
  });

  test('that comes again under another Request-ID is known by its body', async () => {
    const error = { error: { event_id: 'e' } };
    const first = await readOne(source, sent('error', 'created', error));
    const replay = await readOne(source, sent('error', 'created', error, { 'request-id': 'r2' }));
    const row = { fingerprint: first.fingerprint, id: first.id };
    expect(replay.content).toBe(first.content);
    expect(decideContent(replay, { kind: 'refused', row })).toEqual({ kind: 'repeat', of: 'r1' });
  });

  test('of what can rightly come twice with equal bytes is none of a repeat', async () => {
    expect((await readOne(source, sent('issue', 'resolved', { issue: {} }))).content).toBeUndefined();
    expect((await readOne(source, sent('issue', 'created', { issue: {} }))).content).toBeDefined();
  });
});

test('an empty body that is signed is refused for what it lacks, and breaks nothing', async () => {
  const signature = createHmac('sha256', SECRET).update('').digest('hex');
  const headers = { ...JSON_TYPE, 'sentry-hook-resource': 'issue', 'sentry-hook-signature': signature };
  expect(await take({ body: '', headers }, { provider: sentry })).toMatchObject({
    kind: 'rejected',
    reason: 'contradicted-type',
  });
});

test('that Sentry waits one second and never sends again is told, with what helps', () => {
  expect(sentry.delivery).toMatchObject({
    timeoutMs: 1_000,
    retries: 'none',
    withoutRetries: expect.stringContaining('API'),
  });
});
