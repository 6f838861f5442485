import { WebhooksManager } from 'box-node-sdk/managers/webhooks';
import { describe, expect, test, vi } from 'vitest';
import type { Request } from '../../lib/core/request.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { fixture, others } from '../fixtures/box.ts';

const [other] = others;
if (other === undefined) throw new Error('the fixture has both keys');

/** The SDK compares with the clock, in whole seconds, and takes nothing from the future. */
async function sdk(
  request: Request,
  primary = fixture.secret,
  secondaryKey = other?.secret,
): Promise<boolean> {
  vi.setSystemTime(request.receivedAt);
  try {
    const { body, headers } = request;
    return await WebhooksManager.validateMessage(body.toString('utf8'), { ...headers }, primary, {
      ...(secondaryKey === undefined ? {} : { secondaryKey }),
    });
  } finally {
    vi.useRealTimers();
  }
}

const ours = (request: Request): Promise<string> =>
  outcomeOf(fixture, request, [fixture.secret, other.secret]);

const samples = [...fixture.samples, ...other.samples];

describe.each(samples)('$name', ({ request }) => {
  test('is accepted by Box’s SDK as by us', async () => {
    expect(await sdk(request)).toBe(true);
    expect(await ours(request)).toMatch(/^verified/);
    expect(await sdk(request, 'another', 'and another')).toBe(false);
  });

  test('is refused by both with another body, and when it is older than ten minutes', async () => {
    const altered = { ...request, body: Buffer.from(request.body.toString().replace('FILE', 'FOLDER')) };
    expect(await sdk(altered)).toBe(false);
    expect(await ours(altered)).toBe('wrong-signature');
    const late = { ...request, receivedAt: request.receivedAt + 601_000 };
    expect(await sdk(late)).toBe(false);
    expect(await ours(late)).toBe('stale-timestamp');
  });
});

test('what we sign is accepted by Box’s SDK', async () => {
  const [{ request }] = fixture.samples;
  expect(await sdk(await signedAgain(fixture, request, { signer: fixture.signer }))).toBe(true);
});

test('the SDK also takes a body that lost its escapes, and pairs each key with a header; we do neither', async () => {
  const [{ request }] = fixture.samples;
  const parsed = { ...request, body: Buffer.from(JSON.stringify(JSON.parse(request.body.toString('utf8')))) };
  expect(await sdk(parsed)).toBe(true);
  expect(await ours(parsed)).toBe('wrong-signature');
  expect(await sdk(request, other.secret, fixture.secret)).toBe(false);
  expect(await ours(request)).toBe('verified by newest');
});
