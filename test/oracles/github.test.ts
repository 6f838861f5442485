import webhooks from '@octokit/webhooks-examples' with { type: 'json' };
import { sign, verify } from '@octokit/webhooks-methods';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Delivery, DeliveryId } from '../../lib/core/delivery.ts';
import type { Document } from '../../lib/core/document.ts';
import { holeReader } from '../../lib/core/hole-reader.ts';
import { readEvents } from '../../lib/core/identify.ts';
import type { Request } from '../../lib/core/request.ts';
import { contradiction, contradictsType } from '../../lib/core/type-contradiction.ts';
import { github } from '../../lib/providers/github.ts';
import { outcomeOf, signedAgain, verifyWith } from '../contracts/signed-request.ts';
import { sourceOf } from '../core/intake-cases.ts';

/** Real payloads, contributed by the community. Its types describe another way to load it. */
const examples = webhooks as unknown as readonly Example[];

interface Example {
  readonly name: string;
  readonly examples: readonly Payload[];
}

type Payload = Readonly<Record<string, unknown>> & { readonly action?: unknown };

const receiver = { provider: github, publicUrl: 'https://hooks.example.com' };
const source = sourceOf(github);

function request(body: string, headers: Request['headers']): Request {
  return {
    method: 'POST',
    path: '/github',
    query: '',
    headers,
    body: Buffer.from(body),
    receivedAt: 1_795_514_400_000,
  };
}

function event(name: string, guid: string, contentType: string): Request['headers'] {
  return {
    'content-type': contentType,
    'x-github-event': name,
    'x-github-delivery': guid,
    'x-github-hook-id': '1',
  };
}

describe('octokit', () => {
  test('signs, and we accept', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.string({ minLength: 1 }),
        async (body, secret) => {
          fc.pre(secret.trim() !== '');
          const signed = request(body, { 'x-hub-signature-256': await sign(secret, body) });
          expect(await outcomeOf(receiver, signed, [secret])).toBe('verified by newest');
          expect(await outcomeOf(receiver, signed, [`${secret}.`])).toBe('wrong-signature');
        },
      ),
    );
  });

  test('accepts what we sign', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.string({ minLength: 1 }),
        async (body, signer) => {
          fc.pre(signer.trim() !== '');
          const { headers } = await signedAgain(receiver, request(body, {}), { signer });
          expect(await verify(signer, body, headers['x-hub-signature-256'] ?? '')).toBe(true);
        },
      ),
    );
  });

  test('refuses upper-case hex, and so do we', async () => {
    const signature = (await sign('secret', '{}')).replace(/[a-f]/g, (digit) => digit.toUpperCase());
    expect(await verify('secret', '{}', signature)).toBe(false);
    expect(await outcomeOf(receiver, request('{}', { 'x-hub-signature-256': signature }), ['secret'])).toBe(
      'malformed-signature',
    );
  });
});

describe.each(examples.map(({ name, examples: payloads }) => ({ name, payloads })))(
  'real payloads of $name',
  ({ name, payloads }) => {
    const bodies = payloads.map((payload, index) => ({
      payload,
      guid: `guid-${index}`,
      json: JSON.stringify(payload),
      form: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
    }));

    test('are verified and identified, as JSON and as form', async () => {
      for (const { payload, guid, json, form } of bodies) {
        const asJson = await read(json, event(name, guid, 'application/json'));
        const asForm = await read(form, event(name, guid, 'application/x-www-form-urlencoded'));
        const type = typeOf(name, payload);
        expect(asJson).toMatchObject({ id: guid, type, payload: { kind: 'json', text: json } });
        expect(asForm).toMatchObject({
          id: guid,
          type,
          payload: { kind: 'json', text: json },
          fingerprint: asJson.fingerprint,
        });
        expect(asJson.subject ?? 'none').not.toMatch(/undefined|null|\{/);
      }
    });

    async function read(body: string, headers: Request['headers']) {
      const signed = request(body, { ...headers, 'x-hub-signature-256': await sign('secret', body) });
      const answer = await verifyWith(receiver, signed, ['secret']);
      if (answer.kind === 'rejected') throw new Error(answer.explanation);
      expect(contradictsType(source, answer.verified)).toBeUndefined();
      const delivery: Delivery = {
        ...answer.verified.request,
        id: 'd' as DeliveryId,
        source: source.name,
        origin: 'webhook',
      };
      const reading = readEvents(source, delivery, {});
      const [only] = reading.kind === 'events' ? reading.events : [];
      if (only === undefined) throw new Error(JSON.stringify(reading));
      return only;
    }
  },
);

test('no real payload passes for a type of another event that exists, but what an organization and a repository share', () => {
  const types = examples.flatMap(({ name, examples: payloads }) =>
    payloads.map((payload) => typeOf(name, payload)),
  );
  const real = new Set(types);
  const forged = examples.flatMap(({ name, examples: payloads }) =>
    payloads.flatMap((payload) =>
      examples
        .filter(
          (other) =>
            other.name !== name && real.has(typeOf(other.name, payload)) && passes(other.name, payload),
        )
        .map((other) => `${name} as ${typeOf(other.name, payload)}`),
    ),
  );
  expect(real.size).toBeGreaterThan(150);
  expect([...new Set(forged)].sort()).toEqual(SHARED);
});

/** Told by the mark of their signature, once the event itself is known. */
const SHARED: readonly string[] = [
  'organization as repository.renamed',
  'repository as organization.renamed',
];

function passes(name: string, payload: unknown): boolean {
  const document: Document = { kind: 'json', text: JSON.stringify(payload) };
  const headers = { 'x-github-event': name };
  return (
    contradiction(github, document, holeReader({ headers, query: '', document: () => document })) ===
    undefined
  );
}

function typeOf(name: string, { action }: Payload): string {
  return typeof action === 'string' ? `${name}.${action}` : name;
}
