import { signRequest, verifyRequest } from '@contentful/node-apps-toolkit';
import { expect, test, vi } from 'vitest';
import type { Request } from '../../lib/core/request.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/contentful.ts';

const { secret } = fixture;

/** The toolkit throws on a request that is too old, or that it finds malformed. */
function toolkit({ path, query, headers, body, receivedAt }: Request, key = secret): boolean {
  vi.setSystemTime(receivedAt);
  try {
    const canonical = {
      method: 'POST' as const,
      path: path + (query === '' ? '' : `?${query}`),
      headers: { ...headers },
      body: body.toString('utf8'),
    };
    return verifyRequest(key, canonical);
  } finally {
    vi.useRealTimers();
  }
}

test.each(fixture.samples)(
  'Contentful’s toolkit accepts $name as we do, and what we sign',
  async ({ request }) => {
    expect(toolkit(request)).toBe(true);
    expect(await outcomeOf(fixture, request, [secret])).toBe('verified by newest');
    expect(toolkit(await signedAgain(fixture, request, { signer: secret }))).toBe(true);
    for (const altered of [
      { ...request, body: Buffer.from(request.body.toString().replace('master', 'staging')) },
      { ...request, query: 'a=1' },
      {
        ...request,
        headers: { ...request.headers, 'x-contentful-topic': 'ContentManagement.Entry.archive' },
      },
    ]) {
      expect(toolkit(altered)).toBe(false);
      expect(await outcomeOf(fixture, altered, [secret])).toBe('wrong-signature');
    }
    expect(toolkit(request, `${secret.slice(1)}x`)).toBe(false);
  },
);

test.each(['', 'a=1&b=2', 'a=%20%2F&b=ä', "a=!'()*~"])(
  'we accept what the toolkit signs, with the query %j',
  async (query) => {
    const [{ request }] = fixture.samples;
    const signed = signRequest(
      secret,
      {
        method: 'POST',
        path: `/contentful${query === '' ? '' : `?${query}`}`,
        headers: { 'X-Contentful-Topic': ' ContentManagement.Entry.save ' },
        body: request.body.toString('utf8'),
      },
      request.receivedAt,
    );
    const headers = { ...signed, 'x-contentful-topic': 'ContentManagement.Entry.save' };
    expect(await outcomeOf(fixture, { ...request, query, headers }, [secret])).toBe('verified by newest');
  },
);
