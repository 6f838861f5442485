import { hmacValidator as HmacValidator, type Types } from '@adyen/api-library';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Request } from '../../lib/core/request.ts';
import { post } from '../contracts/provider-fixture.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { JSON_TYPE } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/adyen.ts';
import { fixture as platform } from '../fixtures/adyen-platform.ts';

type Item = Types.notification.NotificationRequestItem;

const validator = new HmacValidator();
const itemsOf = ({ body }: Request): readonly Item[] =>
  JSON.parse(body.toString('utf8')).notificationItems.map(
    (one: { NotificationRequestItem: Item }) => one.NotificationRequestItem,
  );
const sdk = (request: Request): boolean =>
  itemsOf(request).every((item) => validator.validateHMAC(item, fixture.secret));
const ours = async (request: Request): Promise<boolean> =>
  (await outcomeOf(fixture, request, [fixture.secret])) === 'verified by newest';

describe('@adyen/api-library', () => {
  const [{ request }] = fixture.samples;

  test('accepts what we accept, and what we sign', async () => {
    expect(sdk(request)).toBe(true);
    expect(await ours(request)).toBe(true);
    expect(sdk(await signedAgain(fixture, request, { signer: fixture.signer }))).toBe(true);
  });

  test('refuses what we refuse: an item whose signed fields are others', async () => {
    for (const [from, to] of [
      ['"value":500', '"value":501'],
      ['"success":"true"', '"success":"false"'],
      ['"eventCode":"CAPTURE"', '"eventCode":"REFUND"'],
      ['"originalReference":"7914073381342284",', ''],
    ] as const) {
      const altered = { ...request, body: Buffer.from(request.body.toString().replace(from, to)) };
      expect(sdk(altered), to).toBe(false);
      expect(await ours(altered), to).toBe(false);
    }
  });

  test('signs as we read, whatever the texts', async () => {
    const text = fc.string({ unit: 'grapheme' });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ reference: text, account: text, original: fc.option(text), value: fc.integer() }),
        async (fields) => {
          const item: Record<string, unknown> = {
            pspReference: '7914073381342284',
            ...(fields.original === null ? {} : { originalReference: fields.original }),
            merchantAccountCode: fields.account,
            merchantReference: fields.reference,
            amount: { value: fields.value, currency: 'EUR' },
            eventCode: 'AUTHORISATION',
            success: 'true',
          };
          const hmacSignature = validator.calculateHmac(item as unknown as Item, fixture.secret);
          const body = JSON.stringify({
            notificationItems: [{ NotificationRequestItem: { ...item, additionalData: { hmacSignature } } }],
          });
          expect(await ours(post('/adyen', JSON_TYPE, body, '2026-11-24T10:00:00Z'))).toBe(true);
        },
      ),
    );
  });
});

describe('@adyen/api-library, for platforms', () => {
  const [{ request }] = platform.samples;
  const accepts = ({ headers, body }: Request): boolean =>
    validator.validateHMACSignature(platform.secret, headers.hmacsignature ?? '', body.toString('utf8'));

  test('accepts what we accept, and what we sign', async () => {
    expect(accepts(request)).toBe(true);
    expect(accepts(await signedAgain(platform, request, { signer: platform.signer }))).toBe(true);
    expect(accepts({ ...request, body: Buffer.from(`${request.body} `) })).toBe(false);
  });
});
