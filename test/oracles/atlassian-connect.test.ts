import {
  createQueryStringHash,
  decodeSymmetric,
  encodeSymmetric,
  fromMethodAndUrl,
  SymmetricAlgorithm,
} from 'atlassian-jwt';
import { expect, test } from 'vitest';
import type { Request } from '../../lib/core/request.ts';
import { outcomeOf, signedAgain, urlOf } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/atlassian-connect.ts';

const { secret, publicUrl } = fixture;
const [{ request }] = fixture.samples;

const hashOf = (one: Request): string =>
  createQueryStringHash(fromMethodAndUrl(one.method, urlOf(publicUrl, one)));

/** As Atlassian’s middleware does it: the signature, then the hash of the request. It throws on a wrong signature. */
function sdk(one: Request, key = secret): boolean {
  const token = one.headers.authorization?.replace('JWT ', '') ?? '';
  try {
    return decodeSymmetric(token, key, SymmetricAlgorithm.HS256).qsh === hashOf(one);
  } catch {
    return false;
  }
}

function signedBySdk(one: Request, algorithm = SymmetricAlgorithm.HS256): Request {
  const iat = Math.floor(one.receivedAt / 1000);
  const token = encodeSymmetric({ iss: 'key', iat, exp: iat + 180, qsh: hashOf(one) }, secret, algorithm);
  return { ...one, headers: { ...one.headers, authorization: `JWT ${token}` } };
}

test.each(fixture.samples)(
  'atlassian-jwt accepts $name as we do, and what we sign',
  async ({ request: one }) => {
    expect(sdk(one)).toBe(true);
    expect(sdk(await signedAgain(fixture, one, { signer: secret }))).toBe(true);
    expect(sdk(one, 'another secret')).toBe(false);
    const elsewhere = { ...one, query: 'event=page_removed' };
    expect(sdk(elsewhere)).toBe(false);
    expect(await outcomeOf(fixture, elsewhere, [secret])).toBe('wrong-signature');
  },
);

test.each([
  ['/atlassian-connect', ''],
  ['/atlassian-connect/', ''],
  ['/', 'a'],
  ['/atlassian-connect', 'b=2&a=1&a=0&A=3'],
  ['/atlassian-connect', 'a=x+y&b=x%20y&c=%2b&d=!%27()*~'],
  ['/atlassian-connect', 'jwt=abc&%C3%A9=%C3%BC&empty=&flag'],
  ['/a&b', 'c=d'],
])('we accept what atlassian-jwt signs for %s?%s', async (path, query) => {
  const one = signedBySdk({ ...request, path, query });
  expect(await outcomeOf(fixture, one, [secret])).toBe('verified by newest');
  expect(await outcomeOf(fixture, { ...one, method: 'PUT' }, [secret])).toBe('wrong-signature');
});

test('another algorithm than HS256 is refused, which atlassian-jwt can make too', async () => {
  for (const algorithm of [SymmetricAlgorithm.HS384, SymmetricAlgorithm.HS512])
    expect(await outcomeOf(fixture, signedBySdk(request, algorithm), [secret])).not.toMatch(/^verified/);
});
