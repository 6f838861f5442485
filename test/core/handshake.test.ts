import { describe, expect, test } from 'vitest';
import { signedHandshake, unsignedHandshake } from '../../lib/core/handshake.ts';
import type { Handshake } from '../../lib/core/provider.ts';
import { verify } from '../../lib/core/scheme.ts';
import type { SigningSecret } from '../../lib/core/secret.ts';
import { discord } from '../../lib/providers/discord.ts';
import { slack } from '../../lib/providers/slack.ts';
import { FORM_TYPE, JSON_TYPE, plainProvider, requestOf, sourceOf, verifiedOf } from './intake-cases.ts';

const CHALLENGE =
  '{"token":"t","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}';

describe("Slack's signed challenge", () => {
  const source = sourceOf(slack);

  test('is answered with the challenge as JSON', () => {
    expect(signedHandshake(source, verifiedOf({ body: CHALLENGE }))).toEqual({
      kind: 'handshake',
      status: 200,
      headers: { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' },
      body: '{"challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}',
    });
  });

  test('is not answered before its signature has been checked', () => {
    expect(unsignedHandshake(source, requestOf({ body: CHALLENGE }))).toBeUndefined();
  });

  test('refuses a forged event that carries a challenge', async () => {
    const forged = requestOf({
      body: CHALLENGE.replace('{', '{"event":{"type":"message"},'),
      headers: {
        ...JSON_TYPE,
        'x-slack-signature': `v0=${'0'.repeat(64)}`,
        'x-slack-request-timestamp': '1795514400',
      },
    });
    expect(unsignedHandshake(source, forged)).toBeUndefined();
    const secrets = { signing: [{ secret: 'secret' as SigningSecret, age: 'newest' as const }] };
    expect(
      await verify({
        request: forged,
        url: 'https://x.example/slack',
        scheme: slack.scheme,
        secrets,
        steps: {},
      }),
    ).toMatchObject({
      kind: 'rejected',
      reason: 'wrong-signature',
    });
  });

  test('without a challenge is refused as unusable', () => {
    expect(signedHandshake(source, verifiedOf({ body: '{"type":"url_verification"}' }))).toMatchObject({
      kind: 'rejected',
      reason: 'unusable-handshake',
    });
  });

  test.each([
    [
      'an event that mentions it',
      { body: '{"type":"event_callback","challenge":"x","event":{"text":"url_verification"}}' },
    ],
    ['one that is nested', { body: '{"event":{"type":"url_verification","challenge":"x"}}' }],
    ['a form', { body: 'type=url_verification&challenge=x', headers: FORM_TYPE }],
    ['a GET', { body: CHALLENGE, method: 'GET' }],
    ['one above 16 KiB', { body: CHALLENGE.replace('{', `{"pad":"${'x'.repeat(16_384)}",`) }],
    ['one nested too deep', { body: CHALLENGE.replace('{', `{"pad":${'['.repeat(65)}${']'.repeat(65)},`) }],
    ['broken JSON', { body: CHALLENGE.slice(0, -1) }],
  ] as const)('is not seen in %s', (_, sent) => {
    expect(signedHandshake(source, verifiedOf(sent))).toBeUndefined();
  });
});

describe("Slack's unsigned certificate probe", () => {
  const source = sourceOf(slack);
  const probe = (body: string, headers: Record<string, string> = FORM_TYPE) =>
    unsignedHandshake(source, requestOf({ body, headers }));

  test('is answered with an empty 200', () => {
    expect(probe('token=abc&ssl_check=1')).toMatchObject({ status: 200, body: '' });
  });

  test.each([
    ['smuggles a payload', 'ssl_check=1&payload=%7B%22type%22%3A%22block_actions%22%7D', FORM_TYPE],
    ['smuggles a command', 'ssl_check=1&command=%2Fpay', FORM_TYPE],
    ['hides it in the payload', 'payload=%7B%22ssl_check%22%3A%221%22%7D', FORM_TYPE],
    ['has it twice', 'ssl_check=1&ssl_check=1', FORM_TYPE],
    ['has another value', 'ssl_check=0', FORM_TYPE],
    ['is JSON', '{"ssl_check":1}', JSON_TYPE],
    ['has no type', 'ssl_check=1', {}],
  ])('is not seen in a request that %s, so its signature decides', (_, body, headers) => {
    expect(probe(body, headers)).toBeUndefined();
  });
});

describe("Discord's pings", () => {
  const source = sourceOf(discord);
  const signed = (body: string) => signedHandshake(source, verifiedOf({ body }));

  test('of interactions get type 1', () => {
    expect(signed('{"application_id":"1","id":"2","token":"t","type":1,"version":1}')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"type":1}',
    });
  });

  test('of webhook events get an empty 204 that names a type', () => {
    expect(signed('{"version":1,"application_id":"1","type":0}')).toMatchObject({
      status: 204,
      headers: { 'content-type': 'application/json' },
      body: '',
    });
  });

  test('are not seen in a webhook event, which has type 1 too', () => {
    const event =
      '{"version":1,"application_id":"1","type":1,"event":{"type":"ENTITLEMENT_CREATE","timestamp":"2024-10-18T14:42:53.064834","data":{"id":"9"}}}';
    expect(signed(event)).toBeUndefined();
  });

  test('are never answered unsigned', () => {
    expect(unsignedHandshake(source, requestOf({ body: '{"type":1}' }))).toBeUndefined();
  });
});

describe('a provider of one’s own', () => {
  const source = (handshake: Partial<Handshake>) =>
    sourceOf(
      plainProvider({
        handshakes: [
          {
            method: 'GET',
            guard: 'none',
            when: [{ at: '{query:mode}', equals: 'subscribe' }],
            answer: { status: 200, text: '{query:challenge}' },
            ...handshake,
          },
        ],
      }),
    );
  const get = (query: string) => requestOf({ body: '', method: 'GET', query, headers: {} });

  test('can shake hands by a query, echoed as text that no browser takes for a page', () => {
    expect(unsignedHandshake(source({}), get('mode=subscribe&challenge=%3Cb%3E1%3C%2Fb%3E'))).toEqual({
      kind: 'handshake',
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
      body: '<b>1</b>',
    });
  });

  test('gets no answer without the value to echo', () => {
    expect(unsignedHandshake(source({}), get('mode=subscribe'))).toBeUndefined();
  });

  test('can have a JSON answer with texts and numbers', () => {
    const answer = { status: 202, json: { echo: '{query:challenge}', ok: 1 } } as const;
    expect(unsignedHandshake(source({ answer }), get('mode=subscribe&challenge=%22'))).toMatchObject({
      status: 202,
      body: '{"echo":"\\"","ok":1}',
    });
  });

  test('is not answered by the wrong guard', () => {
    expect(
      unsignedHandshake(source({ guard: 'verified' }), get('mode=subscribe&challenge=1')),
    ).toBeUndefined();
    expect(
      signedHandshake(
        source({}),
        verifiedOf({ body: '', method: 'GET', query: 'mode=subscribe&challenge=1' }),
      ),
    ).toBeUndefined();
  });
});
