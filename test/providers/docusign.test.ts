import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { docusign } from '../../lib/providers/docusign.ts';
import { outcomeOf, without } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/docusign.ts';

const [{ request }] = fixture.samples;
const bare = without(request.headers, ['x-docusign-signature-1']);
const source = sourceOf(docusign);

describe('a signature', () => {
  const by = (key: string): string => createHmac('sha256', key).update(request.body).digest('base64');
  const send = (signatures: Record<number, string>): Promise<string> => {
    const headers = Object.entries(signatures).map(([n, value]) => [`x-docusign-signature-${n}`, value]);
    return outcomeOf(fixture, { ...request, headers: { ...bare, ...Object.fromEntries(headers) } }, [
      fixture.secret,
    ]);
  };

  test('of any active key is enough, whatever number its header has, up to 16', async () => {
    const ours = by(fixture.secret);
    expect(await send({ 1: by('another'), 2: by('and another'), 3: ours })).toBe('verified by newest');
    expect(await send({ 16: ours })).toBe('verified by newest');
    expect(await send({ 1: by('another'), 17: ours })).toBe('wrong-signature');
    expect(await send({ 17: ours })).toBe('missing-signature');
    const all = Array.from({ length: 16 }, (_, index) => [index + 1, index === 15 ? ours : by(`${index}`)]);
    expect(await send(Object.fromEntries(all))).toBe('verified by newest');
  });

  test('in a header that is not numbered so is none', async () => {
    const headers = { ...bare, 'x-docusign-signature': by(fixture.secret) };
    expect(await outcomeOf(fixture, { ...request, headers }, [fixture.secret])).toBe('missing-signature');
  });
});

describe('an event', () => {
  const event = {
    event: 'envelope-resent',
    retryCount: 0,
    configurationId: 7,
    generatedDateTime: '2026-11-24T09:59:58.0000001Z',
    data: { envelopeId: 'e' },
  };
  const of = (changes: object) => readOne(source, { body: JSON.stringify({ ...event, ...changes }) });

  test('is the same when it is retried, which its body counts', async () => {
    const [one, other] = [await of({}), await of({ retryCount: 3 })];
    expect(other.key).toBe(one.key);
    expect(other.fingerprint).toBe(one.fingerprint);
  });

  test.each([
    ['time', { generatedDateTime: '2026-11-24T09:59:58.0000002Z' }],
    ['recipient', { data: { envelopeId: 'e', recipientId: '2' } }],
    ['configuration', { configurationId: 8 }],
  ])('of another %s is another', async (_, changes) => {
    expect((await of(changes)).key).not.toBe((await of({})).key);
  });

  test('about no envelope is known by its text, but for the count', async () => {
    const data = { templateId: 't' };
    const [one, other] = [await of({ data }), await of({ data, retryCount: 1 })];
    expect(one.id).toMatch(/^[0-9a-f]{64}$/);
    expect(other.key).toBe(one.key);
  });

  test('is a state only with the summary of its envelope', async () => {
    expect(await of({})).not.toHaveProperty('subject');
    const envelopeSummary = { lastModifiedDateTime: '2026-11-24T09:59:57.5Z' };
    expect(await of({ data: { envelopeId: 'e', envelopeSummary } })).toMatchObject({
      subject: 'envelope/e',
      version: '01795514397500000000',
    });
  });
});
