import { describe, expect, test } from 'vitest';
import type { Delivery, DeliveryId } from '../../lib/core/delivery.ts';
import { type EventReading, readEvents } from '../../lib/core/identify.ts';
import { keptHeaders, openInlet } from '../../lib/core/inlet.ts';
import type { Request } from '../../lib/core/request.ts';
import type { ProviderFixture } from '../contracts/provider-fixture.ts';
import * as discord from '../fixtures/discord.ts';
import * as github from '../fixtures/github.ts';
import * as sendgrid from '../fixtures/sendgrid.ts';
import * as shopify from '../fixtures/shopify.ts';
import * as slack from '../fixtures/slack.ts';
import * as standardWebhooks from '../fixtures/standard-webhooks.ts';
import * as stripe from '../fixtures/stripe.ts';
import * as svix from '../fixtures/svix.ts';
import * as twilio from '../fixtures/twilio.ts';
import { plainProvider, sourceOf } from './intake-cases.ts';

const fixtures: readonly ProviderFixture[] = [
  discord,
  github,
  sendgrid,
  shopify,
  slack,
  standardWebhooks,
  stripe,
  svix,
  twilio,
].flatMap((module) => Object.values(module) as ProviderFixture[]);

describe.each(fixtures.map((fixture) => [fixture.provider.name, fixture] as const))(
  'of %s',
  (_name, fixture) => {
    test('the kept headers identify every event as all headers do', async () => {
      const source = sourceOf(fixture.provider);
      const { steps, keptHeaders: kept } = await openInlet(source);
      const read = (request: Request, headers: Request['headers']): EventReading => {
        const delivery: Delivery = {
          ...request,
          headers,
          id: 'd1' as DeliveryId,
          source: source.name,
          origin: 'webhook',
        };
        return readEvents(source, delivery, steps);
      };
      for (const { request } of fixture.samples) {
        const some = Object.fromEntries(
          Object.entries(request.headers).filter(([name]) => kept.includes(name)),
        );
        const reading = read(request, some);
        expect(reading.kind).toBe('events');
        expect(reading).toEqual(read(request, request.headers));
      }
    });

    test('a signature is among the kept headers only where it marks a repeat', () => {
      const { scheme, signatureMark = '' } = fixture.provider;
      const signatures =
        scheme.kind === 'signature'
          ? scheme.families.map(({ signature }) => signature.header)
          : ['x-twilio-signature'];
      const kept = keptHeaders(fixture.provider).filter((name) => signatures.includes(name));
      expect(kept).toEqual(signatures.filter((name) => signatureMark.includes(name)));
    });
  },
);

describe('the kept headers', () => {
  test('are those that templates name anywhere, and the content type', () => {
    const provider = plainProvider({
      events: [
        {
          when: [{ at: '{header:x-when}' }],
          id: ['{header:x-id?}{body:id}', '{header:x-other-id}'],
          type: '{header:x-type}.{body:action?}',
          subject: '{header:x-shop}/{body:id}',
          time: { at: '{header:x-time}', unit: 'iso' },
        },
      ],
      typeRequires: [{ type: '{header:x-topic}', equals: 'a', body: 'b' }],
      handshakes: [
        {
          method: 'POST',
          guard: 'verified',
          when: [{ at: '{header:x-hello}' }],
          answer: { status: 200, text: '' },
        },
      ],
    });
    expect(keptHeaders(provider).toSorted()).toEqual([
      'content-type',
      'x-id',
      'x-other-id',
      'x-shop',
      'x-time',
      'x-topic',
      'x-type',
      'x-when',
    ]);
  });

  test('are not those of a text that is no template: it could never be filled', () => {
    const acknowledge = { status: 200, body: '{"seen":"{header:x-debug}"}' } as const;
    expect(keptHeaders(plainProvider({ acknowledge }))).not.toContain('x-debug');
  });

  test.each([
    [{ kind: 'token', header: 'x-token' } as const, '{header:x-token}'],
    [{ kind: 'basic' } as const, '{header:authorization}'],
    [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' } as const, '{header:authorization}'],
  ])('never hold the secret, whatever names it: %o', (scheme, id) => {
    expect(keptHeaders(plainProvider({ scheme, events: [{ id, type: 'a' }] }))).toEqual(['content-type']);
  });
});
