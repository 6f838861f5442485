import { describe, expect, test } from 'vitest';
import { sendgrid } from '../../lib/providers/sendgrid.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { read, readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/sendgrid.ts';

const source = sourceOf(sendgrid);
const batch = (...events: object[]) => ({ body: `${JSON.stringify(events)}\r\n` });
const MESSAGE = { email: 'a@example.com', sg_message_id: 'M1.filter-1.0', timestamp: 1_795_514_400 };

describe('an event of a batch', () => {
  test('is deduplicated by its own id, whatever batch it comes in', async () => {
    const open = { ...MESSAGE, event: 'open', sg_event_id: 'e1' };
    const alone = await readOne(source, batch(open));
    const reading = await read(source, batch({ ...MESSAGE, event: 'click', sg_event_id: 'e0' }, open));
    expect(reading).toMatchObject({ events: [{ key: 'e0' }, { key: 'e1', fingerprint: alone.fingerprint }] });
  });

  test('without an id is known by its text', async () => {
    const first = await readOne(source, batch({ event: 'account_status_change', timestamp: 1_795_514_400 }));
    const other = await readOne(source, batch({ event: 'account_status_change', timestamp: 1_795_514_401 }));
    expect(first.key).toMatch(/^[0-9a-f]{64}$/);
    expect(other.key).not.toBe(first.key);
  });

  test('is about one message to one address', async () => {
    const subjectOf = async (more: object) =>
      (await readOne(source, batch({ ...MESSAGE, event: 'open', sg_event_id: 'e', ...more }))).subject;
    expect(await subjectOf({})).toBe('M1.filter-1.0/a@example.com');
    expect(await subjectOf({ email: 'b@example.com' })).not.toBe(await subjectOf({}));
    expect(await subjectOf({ sg_message_id: undefined })).toBeUndefined();
  });

  test('is ordered by its second', async () => {
    const at = async (timestamp: unknown) =>
      (await readOne(source, batch({ ...MESSAGE, event: 'open', sg_event_id: 'e', timestamp }))).version;
    expect(await at(1_795_514_401)).toBe('01795514401000000000');
    expect(await at('1795514401')).toBe('01795514401000000000');
    expect(await at(1_795_514_401_000)).toBeUndefined();
  });

  test('keeps custom arguments that are too large for a double', async () => {
    const body = '[{"event":"open","sg_event_id":"e","order":12345678901234567890}]';
    expect((await readOne(source, { body })).payload).toMatchObject({ text: body.slice(1, -1) });
  });
});

test('a retry is taken for as long as SendGrid tries: a day', async () => {
  const [{ request }] = fixture.samples;
  const late = { ...request, receivedAt: request.receivedAt + 86_000_000 };
  expect(await outcomeOf(fixture, late, [fixture.secret])).toBe('verified by newest');
});

test('events that are not signed, as is the default there, are refused', async () => {
  const [{ request }] = fixture.samples;
  const headers = { 'content-type': 'application/json' };
  expect(await outcomeOf(fixture, { ...request, headers }, [fixture.secret])).toBe('missing-signature');
});
