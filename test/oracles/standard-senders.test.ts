import { Anthropic } from '@anthropic-ai/sdk';
import { verifyWebhook } from '@clerk/backend/webhooks';
import OpenAI from 'openai';
import { Resend } from 'resend';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test, vi } from 'vitest';
import { header, type Request as Sent } from '../../lib/core/request.ts';
import type { ProviderFixture } from '../contracts/provider-fixture.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { fixture as anthropic } from '../fixtures/anthropic.ts';
import { fixture as bigcommerce } from '../fixtures/bigcommerce.ts';
import { fixture as clerk } from '../fixtures/clerk.ts';
import { fixture as openai } from '../fixtures/openai.ts';
import { fixture as resend } from '../fixtures/resend.ts';

interface Oracle {
  readonly name: string;
  readonly fixture: ProviderFixture;
  /** Throws what it refuses. */
  readonly verify: (body: string, headers: Record<string, string>, secret: string) => unknown;
}

const NO_KEY = 'no key: nothing is called';

const oracles: readonly Oracle[] = [
  {
    name: '@anthropic-ai/sdk',
    fixture: anthropic,
    verify: (body, headers, key) =>
      new Anthropic({ apiKey: NO_KEY }).beta.webhooks.unwrap(body, { headers, key }),
  },
  {
    // Its pages say how: the client secret as text, in base64 for the standard's library.
    name: 'standardwebhooks, as BigCommerce uses it',
    fixture: bigcommerce,
    verify: (body, headers, secret) =>
      new Webhook(Buffer.from(secret).toString('base64')).verify(body, headers),
  },
  {
    name: '@clerk/backend',
    fixture: clerk,
    verify: (body, headers, signingSecret) =>
      verifyWebhook(new Request('https://hooks.example.com/clerk', { method: 'POST', body, headers }), {
        signingSecret,
      }),
  },
  {
    name: 'openai',
    fixture: openai,
    verify: (body, headers, secret) => new OpenAI({ apiKey: NO_KEY }).webhooks.unwrap(body, headers, secret),
  },
  {
    name: 'resend',
    fixture: resend,
    verify: (payload, headers, webhookSecret) =>
      new Resend(NO_KEY).webhooks.verify({
        payload,
        headers: {
          id: headers['svix-id'] ?? '',
          timestamp: headers['svix-timestamp'] ?? '',
          signature: headers['svix-signature'] ?? '',
        },
        webhookSecret,
      }),
  },
];

describe.each(oracles)('$name', ({ fixture, verify }) => {
  /** The libraries compare with the clock. */
  const accepts = async (request: Sent, secret = fixture.secret): Promise<boolean> => {
    vi.setSystemTime(request.receivedAt);
    try {
      await verify(request.body.toString('utf8'), { ...request.headers }, secret);
      return true;
    } catch {
      return false;
    } finally {
      vi.useRealTimers();
    }
  };
  const ours = (request: Sent): Promise<string> => outcomeOf(fixture, request, [fixture.secret]);

  test.each(fixture.samples)('accepts what we accept, and what we sign: $name', async ({ request }) => {
    expect(await accepts(request)).toBe(true);
    expect(await ours(request)).toBe('verified by newest');
    expect(await accepts(await signedAgain(fixture, request, { signer: fixture.signer }))).toBe(true);
  });

  test('refuses as we do another body, another id, another time, and what is older than five minutes', async () => {
    const [{ request }] = fixture.samples;
    const put = (part: string, value: string): Sent => {
      const name = Object.keys(request.headers).find((one) => one.endsWith(`-${part}`)) ?? '';
      return { ...request, headers: { ...request.headers, [name]: value } };
    };
    const { body } = request;
    for (const altered of [
      { ...request, body: Buffer.concat([body, Buffer.from(' ')]) },
      put('id', 'another'),
      put('timestamp', '1795514399'),
    ]) {
      expect(await accepts(altered)).toBe(false);
      expect(await ours(altered)).toBe('wrong-signature');
    }
    const late = { ...request, receivedAt: request.receivedAt + 300_000 };
    expect(await accepts(late)).toBe(false);
    expect(await ours(late)).toBe('stale-timestamp');
  });

  test('refuses another secret', async () => {
    const [{ request }] = fixture.samples;
    expect(await accepts(request, `whsec_${Buffer.from('another').toString('base64')}`)).toBe(false);
  });
});

test('to OpenAI’s library a secret without whsec_ is text; none is issued so, and we take it for no key', async () => {
  const [{ request }] = openai.samples;
  const { id, timestamp } = {
    id: header(request.headers, 'webhook-id'),
    timestamp: header(request.headers, 'webhook-timestamp'),
  };
  const text = 'a secret that is text';
  const library = new Webhook(Buffer.from(text).toString('base64'));
  const signature = library.sign(id ?? '', new Date(Number(timestamp) * 1000), request.body.toString('utf8'));
  const sent = { ...request, headers: { ...request.headers, 'webhook-signature': signature } };
  vi.setSystemTime(request.receivedAt);
  try {
    await new OpenAI({ apiKey: NO_KEY }).webhooks.unwrap(
      sent.body.toString('utf8'),
      { ...sent.headers },
      text,
    );
  } finally {
    vi.useRealTimers();
  }
  expect(await outcomeOf(openai, sent, [text])).toBe('no-secret');
});
