import { WorkOS } from '@workos-inc/node';
import { describe, expect, test, vi } from 'vitest';
import { header, type Request } from '../../lib/core/request.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/workos.ts';

const { webhooks } = new WorkOS('no key: nothing is called');

/** The SDK takes a parsed body, writes it anew and compares with the clock. It throws what it refuses. */
async function sdk(request: Request, secret = fixture.secret): Promise<boolean> {
  vi.setSystemTime(request.receivedAt);
  try {
    return await webhooks.verifyHeader({
      payload: JSON.parse(request.body.toString('utf8')),
      sigHeader: header(request.headers, 'workos-signature') ?? '',
      secret,
    });
  } catch {
    return false;
  } finally {
    vi.useRealTimers();
  }
}

const ours = (request: Request): Promise<string> => outcomeOf(fixture, request, [fixture.secret]);

describe.each(fixture.samples)('$name', ({ request }) => {
  test('is accepted by WorkOS’s SDK as by us, also when we sign it', async () => {
    expect(await sdk(request)).toBe(true);
    expect(await ours(request)).toBe('verified by newest');
    const signed = await signedAgain(fixture, request, { signer: fixture.signer });
    expect(await sdk(signed)).toBe(true);
    expect(await sdk(signed, 'another secret')).toBe(false);
  });

  test('is refused by both with another body, and when it is older than three minutes', async () => {
    const altered = { ...request, body: Buffer.from(request.body.toString().replace('event_', 'evil_')) };
    expect(await sdk(altered)).toBe(false);
    expect(await ours(altered)).toBe('wrong-signature');
    const late = { ...request, receivedAt: request.receivedAt + 181_000 };
    expect(await sdk(late)).toBe(false);
    expect(await ours(late)).toBe('stale-timestamp');
  });
});

test('what the SDK would not write so, it refuses though WorkOS signed it, and accepts though it was changed; we go by the bytes', async () => {
  const [{ request }] = fixture.samples;
  const spaced = { ...request, body: Buffer.from(request.body.toString().replace('{', '{ ')) };
  expect(await sdk(spaced)).toBe(true);
  expect(await ours(spaced)).toBe('wrong-signature');
  const signed = await signedAgain(fixture, spaced, { signer: fixture.signer });
  expect(await sdk(signed)).toBe(false);
  expect(await ours(signed)).toBe('verified by newest');
});
