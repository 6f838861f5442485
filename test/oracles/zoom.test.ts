import { createHmac } from 'node:crypto';
import { AwsLambdaReceiver } from '@zoom/rivet/meetings';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Request } from '../../lib/core/request.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/zoom.ts';

const { secret } = fixture;
const [{ request }] = fixture.samples;

/** Rivet logs every request. */
beforeAll(() => {
  vi.spyOn(console, 'debug').mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
});

async function rivet({ headers, body }: Request, token = secret): Promise<{ status: number; body: string }> {
  const receiver = new AwsLambdaReceiver({ webhooksSecretToken: token });
  const answer = await receiver.start()(
    { headers, body: body.toString(), isBase64Encoded: false } as never,
    {} as never,
    () => undefined,
  );
  const { statusCode, body: text } = answer as { statusCode: number; body: string };
  return { status: statusCode, body: text };
}

const ours = (one: Request): Promise<string> => outcomeOf(fixture, one, [secret]);

test('Zoom’s SDK accepts what Zoom signs as we do, and what we sign', async () => {
  expect((await rivet(request)).status).toBe(200);
  expect(await ours(request)).toBe('verified by newest');
  const signed = await signedAgain(fixture, request, { signer: secret });
  expect((await rivet(signed)).status).toBe(200);
  const altered = { ...signed, body: Buffer.from(signed.body.toString().replace('started', 'ended')) };
  expect((await rivet(altered)).status).toBe(400);
  expect(await ours(altered)).toBe('wrong-signature');
  expect((await rivet(request, 'another')).status).toBe(400);
});

test('Zoom’s SDK answers a validation in our words', async () => {
  const [handshake] = fixture.handshakes ?? [];
  if (handshake === undefined) throw new Error('the fixture has no handshake');
  const { status, body } = await rivet(handshake.request);
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual(JSON.parse(handshake.answer.body));
});

test('is over bytes here and over JSON that is written anew there: only ours tells a changed byte, and takes every spelling', async () => {
  const spaced = { ...request, body: Buffer.concat([Buffer.from(' '), request.body]) };
  expect((await rivet(spaced)).status).toBe(200);
  expect(await ours(spaced)).toBe('wrong-signature');

  // Legal JSON, and signed: an escaped letter, a number with a zero.
  const body = Buffer.from(
    '{"event":"meeting.ended","payload":{"topic":"Gr\\u00fc\\u00dfe","duration":1.0}}',
  );
  const mac = createHmac('sha256', secret).update('v0:1795514400:').update(body).digest('hex');
  const spelled = { ...request, body, headers: { ...request.headers, 'x-zm-signature': `v0=${mac}` } };
  expect(await ours(spelled)).toBe('verified by newest');
  expect((await rivet(spelled)).status).toBe(400);
});
