import https from 'node:https';
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Request } from '../../lib/core/request.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { fixture, request, vectors } from '../fixtures/sns.ts';

const require = createRequire(import.meta.url);
/** It has no types of its own. */
const MessageValidator: new () => {
  validate(message: string, done: (error: Error | null) => void): void;
} = require('sns-validator');

/** The library fetches the certificate itself; no test has a network. */
beforeAll(() => {
  vi.spyOn(https, 'get').mockImplementation(((_url: string, done: (answer: unknown) => void) => {
    const answer = Object.assign(new PassThrough(), { statusCode: 200 });
    done(answer);
    answer.end(vectors.certificate);
    return new PassThrough();
  }) as unknown as typeof https.get);
});
afterAll(() => {
  vi.restoreAllMocks();
});

function sdk({ body }: Request): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  new MessageValidator().validate(body.toString('utf8'), (error) => resolve(error === null));
  return promise;
}

const ours = async (sent: Request): Promise<boolean> =>
  (await outcomeOf(fixture, sent, [fixture.secret])) === 'verified by newest';

test.each(fixture.samples)('sns-validator accepts what we do, and what we sign: $name', async (sample) => {
  expect(await sdk(sample.request)).toBe(true);
  expect(await sdk(await signedAgain(fixture, sample.request, { signer: fixture.signer }))).toBe(true);
  for (const field of ['Message', 'MessageId', 'Timestamp', 'TopicArn']) {
    const message = JSON.parse(sample.request.body.toString());
    const altered = request({ ...message, [field]: `${message[field].slice(0, -1)}#` });
    expect([await sdk(altered), await ours(altered)], field).toEqual([false, false]);
  }
});

test('sns-validator accepts the confirmation of a subscription that we do', async () => {
  const asked = request(vectors.SubscriptionConfirmation);
  expect([await sdk(asked), await ours(asked)]).toEqual([true, true]);
});

test('sns-validator signs a farewell without its token, AWS’s page with it: we take both', async () => {
  const [without, withToken] = [
    request(vectors['farewell-without-token']),
    request(vectors.UnsubscribeConfirmation),
  ];
  expect([await sdk(without), await ours(without)]).toEqual([true, true]);
  expect([await sdk(withToken), await ours(withToken)]).toEqual([false, true]);
});

test('sns-validator takes certificates from wherever a host begins with sns, we only from SNS', async () => {
  const message = { ...vectors['version-2'], SigningCertURL: 'https://sns.s3-us-west-2.amazonaws.com/x.pem' };
  expect([await sdk(request(message)), await ours(request(message))]).toEqual([true, false]);
});
