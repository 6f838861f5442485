import { describe, expect, test } from 'vitest';
import { acknowledge } from '../../lib/core/acknowledge.ts';
import { loadSteps } from '../../lib/core/steps/load-steps.ts';
import { discord } from '../../lib/providers/discord.ts';
import { twilio } from '../../lib/providers/twilio.ts';
import { FORM_TYPE, plainProvider, sourceOf, verifiedOf } from './intake-cases.ts';

test('a request is acknowledged with an empty 200 unless the provider wants something else', () => {
  expect(acknowledge(sourceOf(plainProvider()), verifiedOf({ body: '{}' }), {})).toEqual({
    status: 200,
    headers: {},
    body: '',
  });
});

test('the acknowledgement is what the value of the provider says', () => {
  const wish = { status: 202, contentType: 'text/xml', body: '<ok/>' } as const;
  const source = sourceOf(plainProvider({ acknowledge: wish }));
  expect(acknowledge(source, verifiedOf({ body: '{}' }), {})).toEqual({
    status: 202,
    headers: { 'content-type': 'text/xml' },
    body: '<ok/>',
  });
});

test('Twilio gets an empty 204: a JSON body would be no TwiML', () => {
  const sent = verifiedOf({ body: 'MessageSid=SM1', headers: FORM_TYPE });
  expect(acknowledge(sourceOf(twilio), sent, {})).toEqual({ status: 204, headers: {}, body: '' });
});

describe('Discord', () => {
  const answer = async (body: string) =>
    acknowledge(sourceOf(discord), verifiedOf({ body }), await loadSteps(discord));
  const interaction = (type: number) =>
    JSON.stringify({ id: '1', application_id: '2', token: 't', type, version: 1 });

  test.each([
    ['a command', 2, '{"type":5}'],
    ['a component', 3, '{"type":6}'],
    ['an autocomplete', 4, '{"type":8,"data":{"choices":[]}}'],
    ['a modal', 5, '{"type":5}'],
    ['a kind that is not known yet', 9, '{"type":5}'],
  ])('gets for %s what defers it', async (_, type, body) => {
    expect(await answer(interaction(type))).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body,
    });
  });

  test('gets 204 for a webhook event, although that has a type too', async () => {
    const event =
      '{"version":1,"application_id":"2","type":1,"event":{"type":"ENTITLEMENT_CREATE","data":{"id":"9","type":4}}}';
    expect(await answer(event)).toMatchObject({ status: 204, body: '' });
  });

  test('gets 204 for whatever has no token: only that makes an interaction', async () => {
    expect(await answer('{"id":"1","type":2}')).toMatchObject({ status: 204 });
  });

  test('gets 204 for what cannot be read: it is accepted all the same', async () => {
    for (const body of ['', '{', '[1]', '"x"', '['.repeat(100)])
      expect(await answer(body)).toMatchObject({ status: 204 });
  });

  test('is not answered without the step', () => {
    expect(() => acknowledge(sourceOf(discord), verifiedOf({ body: '{}' }), {})).toThrow(TypeError);
  });
});
