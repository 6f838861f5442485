import { API_CONSTANTS, Bot, webhookCallback } from 'grammy';
import { expect, test } from 'vitest';
import type { Request } from '../../lib/core/request.ts';
import { telegram } from '../../lib/providers/telegram.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/telegram.ts';

const bot = new Bot('1:token', {
  botInfo: {
    id: 1,
    is_bot: true,
    first_name: 'bot',
    username: 'bot',
  } as NonNullable<ConstructorParameters<typeof Bot>[1]>['botInfo'] & object,
});

/** The status that grammY answers with. */
async function grammy({ headers, body }: Request, secretToken: string): Promise<number> {
  const answer = webhookCallback(bot, 'std/http', { secretToken });
  const response = await answer(
    new Request('https://hooks.example.com/telegram', { method: 'POST', headers, body: body.toString() }),
  );
  return response.status;
}

test('grammY accepts what we accept and what we sign, and refuses another token', async () => {
  for (const { request } of fixture.samples) {
    expect(await grammy(request, fixture.secret)).toBe(200);
    expect(await grammy(await signedAgain(fixture, request, fixture), fixture.secret)).toBe(200);
    expect(await grammy(request, `${fixture.secret}x`)).toBe(401);
    expect(await outcomeOf(fixture, request, [`${fixture.secret}x`])).toBe('wrong-signature');
  }
});

test('every kind of update that grammY knows has a shape of its own', () => {
  const types = 'step' in telegram.events ? [] : telegram.events.map(({ type }) => type);
  expect(new Set(types)).toEqual(new Set([...API_CONSTANTS.ALL_UPDATE_TYPES, 'update']));
  expect(types.length).toBe(API_CONSTANTS.ALL_UPDATE_TYPES.length + 1);
});
