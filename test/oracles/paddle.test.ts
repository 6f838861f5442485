import { Environment, Paddle } from '@paddle/paddle-node-sdk';
import { expect, test, vi } from 'vitest';
import { header, type Request } from '../../lib/core/request.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/paddle.ts';

const paddle = new Paddle('no key: nothing is called', { environment: Environment.sandbox });
const [{ request }] = fixture.samples;

/** The SDK compares with the clock. */
async function sdk(sent: Request, secret = fixture.secret): Promise<boolean> {
  vi.setSystemTime(sent.receivedAt);
  try {
    const signature = header(sent.headers, 'paddle-signature') ?? '';
    return await paddle.webhooks.isSignatureValid(sent.body.toString('utf8'), secret, signature);
  } finally {
    vi.useRealTimers();
  }
}

test('Paddle’s SDK accepts what we accept, and what we sign', async () => {
  expect(await sdk(request)).toBe(true);
  expect(await outcomeOf(fixture, request, [fixture.secret])).toBe('verified by newest');
  const signed = await signedAgain(fixture, request, { signer: fixture.signer });
  expect(await sdk(signed)).toBe(true);
  expect(await sdk(signed, 'another secret')).toBe(false);
});

test('both refuse another body, and the SDK an age that we still take', async () => {
  const altered = { ...request, body: Buffer.from(request.body.toString().replace('active', 'paused')) };
  expect(await sdk(altered)).toBe(false);
  expect(await outcomeOf(fixture, altered, [fixture.secret])).toBe('wrong-signature');
  const late = { ...request, receivedAt: request.receivedAt + 60_000 };
  expect(await sdk(late)).toBe(false);
  expect(await outcomeOf(fixture, late, [fixture.secret])).toBe('verified by newest');
});
