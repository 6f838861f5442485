import { expect, test } from 'vitest';
import { auth0 } from '../../lib/providers/auth0.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { read, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/auth0.ts';

const [{ request }] = fixture.samples;

test('the whole Authorization value is the secret, with what the user wrote before it', async () => {
  const bare = fixture.secret.replace('Bearer ', '');
  const sent = (authorization: string) => ({ ...request, headers: { ...request.headers, authorization } });
  expect(await outcomeOf(fixture, sent(bare), [fixture.secret])).toBe('wrong-signature');
  expect(await outcomeOf(fixture, sent(bare), [bare])).toBe('verified by newest');
});

test('records in lines are read as those in a list', async () => {
  const lines = JSON.parse(request.body.toString()).map((record: unknown) => JSON.stringify(record));
  const reading = await read(sourceOf(auth0), { body: lines.join('\n') });
  expect(reading).toMatchObject({
    events: fixture.samples[0].events.map(({ id }) => ({ id })),
    unreadable: [],
  });
});

test('a record without an id neither loses nor blocks the others', async () => {
  const body = request.body.toString().replace(/^\[/, '[{"data":{"type":"s"}},null,');
  const reading = await read(sourceOf(auth0), { body });
  expect(reading).toMatchObject({
    events: [{ type: 's' }, { type: 'fp' }],
    unreadable: [{ index: 0 }, { index: 1 }],
  });
});
