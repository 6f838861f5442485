import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signedHandshake, unsignedHandshake } from '../../lib/core/handshake.ts';
import { zoom } from '../../lib/providers/zoom.ts';
import { outcomeOf, verifyWith } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { secretsOf } from '../core/intake-world.ts';
import { fixture } from '../fixtures/zoom.ts';

const { secret } = fixture;
const source = sourceOf(zoom);
const [{ request }] = fixture.samples;

/** Signed by node:crypto alone. */
function signed(document: object, time = 1_795_514_400) {
  const body = Buffer.from(JSON.stringify(document));
  const signature = createHmac('sha256', secret).update(`v0:${time}:`).update(body).digest('hex');
  const headers = {
    ...request.headers,
    'x-zm-request-timestamp': String(time),
    'x-zm-signature': `v0=${signature}`,
  };
  return { ...request, body, headers };
}

const challenge = (plainToken: unknown) => ({ event: 'endpoint.url_validation', payload: { plainToken } });

async function answerTo(plainToken: unknown) {
  const answer = await verifyWith(fixture, signed(challenge(plainToken)), [secret]);
  if (answer.kind === 'rejected') throw new Error(answer.explanation);
  return signedHandshake(source, answer.verified, secretsOf(secret));
}

describe('the answer to a validation', () => {
  test('is the signature of no delivery: whatever looks like one is refused', async () => {
    const delivery = 'v0:1795514400:{"event":"meeting.started"}';
    for (const token of [delivery, 'v0:1795514400:', '{}', '{"event":"x"}', 'a b', 'ä', '', 'x'.repeat(129)])
      expect(await answerTo(token), token).toMatchObject({ reason: 'unusable-handshake' });
    for (const token of [null, {}, ['a']])
      expect(await answerTo(token)).toMatchObject({ reason: 'unusable-handshake' });
  });

  test('can be used for no request, whatever token was asked for', async () => {
    const text = fc.string({ maxLength: 100, unit: 'binary-ascii' });
    const time = fc.constantFrom('1795514400', '1795514401');
    const forged = fc.tuple(time, text);
    const token = fc.oneof(
      text.map((plain) => ({ plain, parts: ['1795514400', plain] as const })),
      forged.map((parts) => ({ plain: `v0:${parts[0]}:${parts[1]}`, parts })),
    );
    await fc.assert(
      fc.asyncProperty(token, async ({ plain, parts: [at, body] }) => {
        const answer = await answerTo(plain);
        if (answer?.kind !== 'handshake') return;
        const { encryptedToken } = JSON.parse(answer.body);
        const headers = {
          ...request.headers,
          'x-zm-request-timestamp': at,
          'x-zm-signature': `v0=${encryptedToken}`,
        };
        expect(await outcomeOf(fixture, { ...request, headers, body: Buffer.from(body) }, [secret])).toBe(
          'wrong-signature',
        );
      }),
    );
  });

  test('is given to nobody who does not know the secret already', async () => {
    const { 'x-zm-signature': _, ...headers } = request.headers;
    const unsigned = { ...signed(challenge('qgg8vlvZRS6UYooatFL8Aw')), headers };
    expect(unsignedHandshake(source, unsigned, secretsOf(secret))).toBeUndefined();
    expect(await outcomeOf(fixture, unsigned, [secret])).toBe('missing-signature');
  });
});

describe('an event', () => {
  const recording = (token: string, more: object = {}) => ({
    event: 'recording.completed',
    event_ts: 1_795_514_398_123,
    payload: {
      account_id: 'A',
      object: {
        uuid: '4444AAAiAAAAAiAiAiiAii==',
        recording_files: [
          { id: '1', file_size: 7, download_url: `https://zoom.us/rec/${token}` },
          { id: '2', file_size: 8, download_url: `https://zoom.us/rec/${token}/2` },
        ],
        ...more,
      },
    },
    download_token: token,
  });
  const of = (document: object) => readOne(source, { body: JSON.stringify(document) });

  test('of a recording is the same under another token and other links, and another with other files', async () => {
    const [first, again] = [await of(recording('one')), await of(recording('two'))];
    expect(again.key).toBe(first.key);
    expect(again.fingerprint).toBe(first.fingerprint);
    expect((await of(recording('one', { recording_count: 3 }))).key).not.toBe(first.key);
  });

  test('is not known by meeting and millisecond alone: two people may join in one', async () => {
    const joined = (user_id: string) => ({
      event: 'meeting.participant_joined',
      event_ts: 1_795_514_398_123,
      payload: { object: { uuid: 'u', participant: { user_id } } },
    });
    expect((await of(joined('1'))).key).not.toBe((await of(joined('2'))).key);
  });

  test('is accepted with its first signature for as long as Zoom tries, and then no more', async () => {
    const arrived = (seconds: number) =>
      outcomeOf(fixture, { ...request, receivedAt: (1_795_514_400 + seconds) * 1000 }, [secret]);
    expect(await arrived(85 * 60)).toBe('verified by newest');
    expect(await arrived(7_201)).toBe('stale-timestamp');
  });
});
