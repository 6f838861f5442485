import { describe, expect, test } from 'vitest';
import { lemonSqueezy } from '../../lib/providers/lemon-squeezy.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/lemon-squeezy.ts';

const [{ request }] = fixture.samples;
const { headers, body } = request;
const source = sourceOf(lemonSqueezy);

describe('an event', () => {
  test('is what the signed body says, whatever X-Event-Name says', async () => {
    const forged = { ...headers, 'x-event-name': 'license_key_created' };
    expect(await readOne(source, { headers: forged, body })).toEqual(
      await readOne(source, { headers, body }),
    );
  });

  test('is known by its whole text: two of one second are two', async () => {
    const paused = body.toString('utf8').replace('"status":"active"', '"status":"paused"');
    const [one, other] = [
      await readOne(source, { headers, body }),
      await readOne(source, { headers, body: paused }),
    ];
    expect(other.key).not.toBe(one.key);
    expect(other).toMatchObject({ subject: 'subscriptions/1203', version: one.version });
  });
});
