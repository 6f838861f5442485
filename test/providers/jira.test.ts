import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decideContent } from '../../lib/core/claim.ts';
import { jira } from '../../lib/providers/jira.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { JSON_TYPE, readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/jira.ts';

const source = sourceOf(jira);
const [{ request }] = fixture.samples;

describe('a signature', () => {
  test('is the one that Atlassian’s page gives for its own secret and payload', async () => {
    const vector = {
      ...request,
      body: Buffer.from('Hello World!'),
      headers: {
        'x-hub-signature': 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9',
      },
    };
    const secret = "It's a Secret to Everybody";
    expect(await outcomeOf(fixture, vector, [secret])).toBe('verified by newest');
    const altered = { ...vector, body: Buffer.from('Hello World?') };
    expect(await outcomeOf(fixture, altered, [secret])).toBe('wrong-signature');
  });

  test('names its method in the value: another than SHA-256 is none', async () => {
    const sha1 = createHmac('sha1', fixture.secret).update(request.body).digest('hex');
    const [, sha256] = (request.headers['x-hub-signature'] ?? '').split('=');
    for (const value of [`sha1=${sha1}`, `sha1=${sha256}`, `sha512=${sha256}`, `${sha256}`])
      expect(
        await outcomeOf(fixture, { ...request, headers: { 'x-hub-signature': value } }, [fixture.secret]),
        value,
      ).toBe('malformed-signature');
  });
});

describe('an event', () => {
  const of = (body: object, identifier = 'i') =>
    readOne(source, {
      body: JSON.stringify({ timestamp: 1_795_514_398_123, ...body }),
      headers: { ...JSON_TYPE, 'x-atlassian-webhook-identifier': identifier },
    });
  const created = { webhookEvent: 'jira:issue_created', issue: { id: '1' } };

  test('that comes again under another identifier is known by its body', async () => {
    const [first, replay] = [await of(created, '1'), await of(created, '2')];
    const row = { fingerprint: first.fingerprint, id: first.id };
    expect(replay.content).toBe(first.content);
    expect(decideContent(replay, { kind: 'refused', row })).toEqual({ kind: 'repeat', of: '1' });
    expect((await of({ ...created, timestamp: 1 }, '1')).content).not.toBe(first.content);
  });

  test('is ordered by a time of Jira’s form, without a colon in its zone', async () => {
    const versionOf = async (updated: string) =>
      (await of({ ...created, issue: { id: '1', fields: { updated } } })).version;
    expect(await versionOf('2026-11-24T10:59:58.111+0100')).toBe('01795514398111000000');
    expect(await versionOf('2026-11-24T05:59:58.111-0400')).toBe('01795514398111000000');
  });

  test('of a comment is about the comment, although it brings the issue', async () => {
    const comment = { id: '7', updated: '2026-11-24T10:59:58.111+0100' };
    expect(await of({ ...created, webhookEvent: 'comment_updated', comment })).toMatchObject({
      subject: 'comment/7',
    });
    expect(await of({ ...created, webhookEvent: 'jira:issue_updated', comment })).toMatchObject({
      subject: 'issue/1',
    });
  });
});
