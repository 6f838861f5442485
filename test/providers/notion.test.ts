import { describe, expect, test } from 'vitest';
import { notion } from '../../lib/providers/notion.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { secretsOf, signed, take, world } from '../core/intake-world.ts';
import { fixture } from '../fixtures/notion.ts';

const source = sourceOf(notion);
const [{ request }] = fixture.samples;
const body = request.body.toString();
const TOKEN = 'secret_of-whoever-sends-it-first-0123456789';
const bringing = {
  body: `{"verification_token":"${TOKEN}"}`,
  headers: { 'content-type': 'application/json' },
};

describe('an event', () => {
  test('is the same at each attempt, though the body counts them', async () => {
    const [first, again] = [
      await readOne(source, { body }),
      await readOne(source, { body: body.replace('"attempt_number":1', '"attempt_number":8') }),
    ];
    expect(again.key).toBe(first.key);
    expect(again.fingerprint).toBe(first.fingerprint);
  });

  test('names what changed, and carries no state: it is about no resource until that is fetched', async () => {
    expect(await readOne(source, { body })).not.toHaveProperty('subject');
  });
});

describe('a verification token', () => {
  test('of whoever sends one is stored in no source that is not in set-up, and in none that has a secret', async () => {
    for (const options of [{}, { setup: 'install-secret' }] as const) {
      const ports = world({
        secrets: { read: async () => secretsOf(fixture.secret), refresh: async () => undefined },
      });
      expect(await take(bringing, { provider: notion, options, ports })).toMatchObject({ kind: 'rejected' });
      expect(ports.calls).not.toContain('install');
    }
  });

  test('is never published: what carries one unsigned is no delivery', async () => {
    const ports = world({ secrets: { read: async () => ({ signing: [] }), refresh: async () => undefined } });
    expect(await take(bringing, { provider: notion, ports })).toMatchObject({ reason: 'missing-signature' });
    expect(ports.sent).toEqual([]);
  });

  test('in the text of a page is a text like any other', async () => {
    const mention = body.replace(
      '"type":"person"',
      `"type":"person","name":"{\\"verification_token\\":\\"${TOKEN}\\"}"`,
    );
    const { headers = {} } = signed({ body: mention }, fixture.secret);
    const ports = world({
      secrets: { read: async () => secretsOf(fixture.secret), refresh: async () => undefined },
    });
    const sent = {
      body: mention,
      headers: { ...headers, 'x-notion-signature': headers['x-signature'] ?? '' },
    };
    const options = { setup: 'install-secret' } as const;
    expect(await take(sent, { provider: notion, options, ports })).toMatchObject({ kind: 'accepted' });
  });
});
