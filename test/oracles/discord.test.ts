import { InteractionResponseType, InteractionType, verifyKey } from 'discord-interactions';
import { describe, expect, test } from 'vitest';
import { header, type Request } from '../../lib/core/request.ts';
import { step } from '../../lib/core/steps/discord-acknowledgement.ts';
import { signedAgain, verifyWith } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/discord.ts';

const sdk = ({ body, headers }: Request): Promise<boolean> =>
  verifyKey(
    body,
    header(headers, 'x-signature-ed25519') ?? '',
    header(headers, 'x-signature-timestamp') ?? '',
    fixture.secret,
  );

const ours = async (request: Request): Promise<boolean> =>
  (await verifyWith(fixture, request, [fixture.secret])).kind === 'verified';

describe.each(fixture.samples)('$name', ({ request }) => {
  test('is accepted by discord-interactions as by us', async () => {
    expect(await sdk(request)).toBe(true);
    expect(await ours(request)).toBe(true);
  });

  test('signed by us is accepted by discord-interactions', async () => {
    expect(await sdk(await signedAgain(fixture, request, { signer: fixture.signer }))).toBe(true);
  });

  test('is refused by both when body, time or signature is another', async () => {
    const { headers, body } = request;
    const signature = header(headers, 'x-signature-ed25519') ?? '';
    const altered: readonly Request[] = [
      { ...request, body: Buffer.concat([body, Buffer.from(' ')]) },
      { ...request, body: body.subarray(1) },
      { ...request, headers: { ...headers, 'x-signature-timestamp': '1795514401' } },
      {
        ...request,
        headers: {
          ...headers,
          'x-signature-ed25519': signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
        },
      },
      { ...request, headers: { ...headers, 'x-signature-ed25519': signature.slice(2) } },
      { ...request, headers: { ...headers, 'x-signature-ed25519': 'zz' } },
    ];
    for (const each of altered) {
      expect(await sdk(each)).toBe(false);
      expect(await ours(each)).toBe(false);
    }
  });
});

test.each([
  [
    'APPLICATION_COMMAND',
    InteractionType.APPLICATION_COMMAND,
    InteractionResponseType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE,
  ],
  ['MESSAGE_COMPONENT', InteractionType.MESSAGE_COMPONENT, InteractionResponseType.DEFERRED_UPDATE_MESSAGE],
  [
    'APPLICATION_COMMAND_AUTOCOMPLETE',
    InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE,
    InteractionResponseType.APPLICATION_COMMAND_AUTOCOMPLETE_RESULT,
  ],
  [
    'MODAL_SUBMIT',
    InteractionType.MODAL_SUBMIT,
    InteractionResponseType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE,
  ],
])('%s is answered with the response type of discord-interactions', (_, type, response) => {
  const fields: Readonly<Record<string, string>> = { token: 't', type: String(type) };
  expect(JSON.parse(step.acknowledge(({ name }) => fields[name]).body)).toMatchObject({ type: response });
});
