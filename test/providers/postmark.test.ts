import { expect, test } from 'vitest';
import { postmark } from '../../lib/providers/postmark.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture, others } from '../fixtures/postmark.ts';

const source = sourceOf(postmark);
const [bounce] = fixture.samples;

test('two opens of one message are two events, the same open sent again is one', async () => {
  const opened = (at: string): string =>
    `{"RecordType":"Open","MessageID":"883953f4","Recipient":"a@example.com","ReceivedAt":"${at}"}`;
  const ids = await Promise.all(
    ['2026-11-24T09:59:59.1234567Z', '2026-11-24T09:59:59.1234568Z', '2026-11-24T09:59:59.1234567Z'].map(
      async (at) => (await readOne(source, { body: opened(at) })).id,
    ),
  );
  expect(ids[1]).not.toBe(ids[0]);
  expect(ids[2]).toBe(ids[0]);
});

test('a kind of record that is not known keeps its own name', async () => {
  const event = await readOne(source, { body: '{"RecordType":"SMTPApiError","MessageID":"883953f4"}' });
  expect(event.type).toBe('SMTPApiError');
});

test('a token in a header is none while only a password is stored, and the other way round', async () => {
  const [other] = others;
  if (other === undefined) throw new Error('no other secret');
  const [{ request }] = other.samples;
  expect(await outcomeOf(fixture, request, [fixture.secret])).toBe('wrong-signature');
  expect(await outcomeOf(fixture, bounce.request, [other.secret])).toBe('no-secret');
  const both = { ...bounce.request, headers: { ...bounce.request.headers, ...request.headers } };
  const wrong = { ...both, headers: { ...both.headers, authorization: 'Basic eDp5' } };
  expect(await outcomeOf(fixture, both, [fixture.secret, other.secret])).toBe('verified by newest');
  expect(await outcomeOf(fixture, wrong, [fixture.secret, other.secret])).toBe('wrong-signature');
});
