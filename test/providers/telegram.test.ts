import { describe, expect, test } from 'vitest';
import { telegram } from '../../lib/providers/telegram.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';

const source = sourceOf(telegram);

describe('an update', () => {
  test('has the name of its one object as type', async () => {
    const event = await readOne(source, {
      body: '{"update_id":1,"poll_answer":{"poll_id":"5","option_ids":[],"user":{"id":2}}}',
    });
    expect(event.type).toBe('poll_answer');
  });

  test('of a kind that is not known is published all the same', async () => {
    const event = await readOne(source, { body: '{"update_id":1,"telepathy":{"thought":"?"}}' });
    expect(event).toMatchObject({ type: 'update', id: '1' });
  });

  test('says nothing of a message inside another object', async () => {
    const event = await readOne(source, {
      body: '{"update_id":1,"callback_query":{"id":"7","message":{"message_id":3,"chat":{"id":4},"date":1795514398}}}',
    });
    expect(event.type).toBe('callback_query');
    expect(event.subject).toBeUndefined();
  });
});

test('messages of two accounts that the bot serves are two subjects, though chat and number are equal', async () => {
  const subjects = await Promise.all(
    ['a', 'b'].map(async (connection) => {
      const body = `{"update_id":1,"business_message":{"message_id":3,"business_connection_id":"${connection}","chat":{"id":4},"date":1795514398}}`;
      return (await readOne(source, { body })).subject;
    }),
  );
  expect(subjects).toEqual(['message/a/4/3', 'message/b/4/3']);
});
