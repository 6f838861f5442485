import { expect, test } from 'vitest';
import { pipedrive } from '../../lib/providers/pipedrive.ts';
import { read, readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/pipedrive.ts';

const source = sourceOf(pipedrive);
const [change] = fixture.samples;
const body = change.request.body.toString();

test('a retry is the same event, though it counts its attempts in the body', async () => {
  const [first, again] = [
    await readOne(source, { body }),
    await readOne(source, { body: body.replace('"attempt":1', '"attempt":3') }),
  ];
  expect(again.key).toBe(first.key);
  expect(again.fingerprint).toBe(first.fingerprint);
});

test('two webhooks that overlap are two events, and none is a collision of the other', async () => {
  const [first, other] = [
    await readOne(source, { body }),
    await readOne(source, { body: body.replace('"webhook_id":"5012"', '"webhook_id":"5013"') }),
  ];
  expect(other.key).not.toBe(first.key);
});

test('a webhook of version 1, whose meta.id is that of the object, becomes no event', async () => {
  const reading = await read(source, {
    body: '{"v":1,"meta":{"v":1,"action":"updated","object":"deal","id":143,"webhook_id":"5012","timestamp":1795514398},"current":{"id":143}}',
  });
  expect(reading).toMatchObject({ events: [], unreadable: [{ reason: 'unidentified' }] });
});
