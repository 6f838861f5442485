import { describe, expect, test } from 'vitest';
import { matchesType, wanted } from '../../lib/core/event-filter.ts';
import type { Provider } from '../../lib/core/provider.ts';
import { loadSteps } from '../../lib/core/steps/load-steps.ts';
import { sendgrid } from '../../lib/providers/sendgrid.ts';
import { twilio } from '../../lib/providers/twilio.ts';
import { FORM_TYPE, JSON_TYPE, plainProvider, type Sent, sourceOf, verifiedOf } from './intake-cases.ts';

const WANTED = { kind: 'wanted' };

const look = async (provider: Provider, events: readonly string[], sent: Sent) =>
  wanted(sourceOf(provider, { events }), verifiedOf(sent), await loadSteps(provider));

test.each([
  ['issues.*', 'issues.opened', true],
  ['issues.*', 'issues', false],
  ['*', 'anything', true],
  ['push', 'push', true],
  ['push', 'pushed', false],
  ['push', 'Push', false],
])('%s takes %s: %s', (pattern, type, expected) => {
  expect(matchesType(pattern, type)).toBe(expected);
});

describe('a type in a header', () => {
  const provider = plainProvider({ events: [{ id: '{body:id}', type: '{header:x-type}' }] });
  const headers = { ...JSON_TYPE, 'x-type': 'push' };

  test('is told without a look at the body', async () => {
    expect(await look(provider, ['issues'], { body: '{', headers })).toEqual({
      kind: 'unwanted',
      type: 'push',
    });
    expect(await look(provider, ['push'], { body: '{', headers })).toEqual(WANTED);
  });
});

describe('a type in the body', () => {
  const type = (value: string, pad = '') => `{"id":"1","pad":"${pad}","type":"${value}"}`;

  test('decides', async () => {
    expect(await look(plainProvider(), ['a'], { body: type('a') })).toEqual(WANTED);
    expect(await look(plainProvider(), ['a'], { body: type('b') })).toEqual({ kind: 'unwanted', type: 'b' });
  });

  test.each([
    ['is larger than 1 MiB', type('b', 'x'.repeat(1_048_576))],
    ['is nested too deep', `{"deep":${'['.repeat(64)}${']'.repeat(64)},"id":"1","type":"b"}`],
    ['is broken', '{"id":"1","type":"b"'],
    ['has no type', '{"id":"1"}'],
  ])('is left to the time after the queue when the body %s', async (_, body) => {
    expect(await look(plainProvider(), ['a'], { body })).toEqual(WANTED);
  });

  test('is not guessed from a later template when the body cannot be read', async () => {
    const provider = plainProvider({
      events: [{ id: '{header:x-id}', type: ['{header:x-type}.{body:action}', '{header:x-type}'] }],
    });
    const headers = { ...JSON_TYPE, 'x-type': 'issues', 'x-id': '1' };
    expect(await look(provider, ['issues.opened'], { body: '{"action":"opened"', headers })).toEqual(WANTED);
    expect(await look(provider, ['issues.opened'], { body: '{"action":"closed"}', headers })).toEqual({
      kind: 'unwanted',
      type: 'issues.closed',
    });
  });
});

describe('a batch', () => {
  const batch = (...types: string[]): Sent => ({
    body: JSON.stringify(types.map((event, sg_event_id) => ({ event, sg_event_id }))),
  });

  test('is wanted for one event of it', async () => {
    expect(await look(sendgrid, ['bounce'], batch('open', 'click', 'bounce'))).toEqual(WANTED);
    expect(await look(sendgrid, ['bounce'], batch('open', 'click'))).toEqual({
      kind: 'unwanted',
      type: 'open',
    });
  });

  test('is wanted when it is broken, empty, or an item of it has no type', async () => {
    expect(await look(sendgrid, ['bounce'], { body: '[{"event":"open"' })).toEqual(WANTED);
    expect(await look(sendgrid, ['bounce'], { body: '[]' })).toEqual(WANTED);
    expect(await look(sendgrid, ['bounce'], { body: '[{"event":"open"},7]' })).toEqual(WANTED);
  });
});

test('the type can come from a step', async () => {
  const sent = { body: 'MessageSid=SM1&MessageStatus=sent', headers: FORM_TYPE };
  expect(await look(twilio, ['message.delivered'], sent)).toEqual({ kind: 'unwanted', type: 'message.sent' });
  expect(await look(twilio, ['message.*'], sent)).toEqual(WANTED);
});

test('a source that wants all looks at nothing', async () => {
  expect(wanted(sourceOf(plainProvider()), verifiedOf({ body: '{' }), {})).toEqual(WANTED);
});
