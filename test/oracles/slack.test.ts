import { isValidSlackRequest, webApi } from '@slack/bolt';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { header, type Request } from '../../lib/core/request.ts';
import { signedAgain, verifyWith } from '../contracts/signed-request.ts';
import { json, startStubProvider } from '../contracts/stub-provider.ts';
import { fixture } from '../fixtures/slack.ts';

function bolt(request: Request): boolean {
  return isValidSlackRequest({
    signingSecret: fixture.secret,
    body: request.body.toString(),
    headers: {
      'x-slack-signature': header(request.headers, 'x-slack-signature') ?? '',
      'x-slack-request-timestamp': Number(header(request.headers, 'x-slack-request-timestamp')),
    },
    nowMilliseconds: request.receivedAt,
  });
}

const ours = async (request: Request): Promise<boolean> =>
  (await verifyWith(fixture, request, [fixture.secret])).kind === 'verified';

describe.each(fixture.samples)('$name', ({ request }) => {
  test('is accepted by @slack/bolt as by us', async () => {
    expect(bolt(request)).toBe(true);
    expect(await ours(request)).toBe(true);
  });

  test('signed by us is accepted by @slack/bolt', async () => {
    const signed = await signedAgain(fixture, request, { signer: fixture.signer });
    expect(bolt(signed)).toBe(true);
  });
});

test('is refused by @slack/bolt and by us when anything of it is another, and when it is late', async () => {
  const [{ request }] = fixture.samples;
  const changed = fc.record({
    body: fc.constantFrom(request.body, Buffer.from(`${request.body} `), Buffer.from('{}')),
    signature: fc.constantFrom('same', 'v1', 'none', 'short'),
    seconds: fc.integer({ min: -400, max: 0 }),
  });
  await fc.assert(
    fc.asyncProperty(changed, async ({ body, signature, seconds }) => {
      const time = String(1_795_514_401 + seconds);
      const signed = await signedAgain(fixture, request, {
        signer: fixture.signer,
        timestamp: Number(time) * 1000,
      });
      const sent = header(signed.headers, 'x-slack-signature') ?? '';
      const texts = { same: sent, v1: sent.replace('v0', 'v1'), none: '', short: sent.slice(0, -1) };
      const altered = {
        ...signed,
        body,
        headers: { ...signed.headers, 'x-slack-signature': texts[signature as keyof typeof texts] },
      };
      expect(await ours(altered)).toBe(bolt(altered));
    }),
  );
});

describe('@slack/web-api', () => {
  /** What it asks for, as a path with a query, and what it makes of the answer. */
  async function ask(path: string, answer: unknown): Promise<{ asked: string; outcome: string }> {
    const stub = await startStubProvider();
    stub.answer(json(200, answer));
    const options = { slackApiUrl: `${stub.baseUrl}/`, retryConfig: { retries: 0 } };
    const client = new webApi.WebClient('xoxb-none', options);
    const [method = '', query = ''] = path.slice(1).split('?');
    const outcome = await client.apiCall(method, Object.fromEntries(new URLSearchParams(query))).then(
      () => 'stands',
      (error: { data?: { error?: string } }) => error.data?.error ?? String(error),
    );
    await stub.close();
    const [{ url, body, headers } = { url: '', body: '', headers: {} }] = stub.asked;
    expect(headers.authorization).toBe('Bearer xoxb-none');
    return { asked: `${url}?${body}`, outcome };
  }

  test.each(fixture.resources ?? [])(
    'asks as we do, and takes the answer likewise: $name',
    async ({ path, body, reads }) => {
      const { asked, outcome } = await ask(path, JSON.parse(body));
      expect(asked).toBe(path);
      const said: Readonly<Record<string, string>> = {
        absence: '_not_found',
        'something-else': 'missing_scope',
      };
      expect(outcome).toContain(said[reads.kind] ?? 'stands');
    },
  );
});
