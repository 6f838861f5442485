import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decideContent } from '../../lib/core/claim.ts';
import type { Request } from '../../lib/core/request.ts';
import { paypal } from '../../lib/providers/paypal.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { readOne, reconcilingSource, sourceOf } from '../core/intake-cases.ts';
import { take, world } from '../core/intake-world.ts';
import { fixture, request as requestOf, served, vectors } from '../fixtures/paypal.ts';

const [{ request }] = fixture.samples;
const check = (sent: Request, certificates = fixture.certificates): Promise<string> =>
  outcomeOf({ ...fixture, ...(certificates && { certificates }) }, sent, [fixture.secret]);
const withHeaders = (more: Record<string, string>): Request => ({
  ...request,
  headers: { ...request.headers, ...more },
});

describe('the address of the certificate, which the caller chooses', () => {
  test.each([
    'http://api.paypal.com/v1/notifications/certs/CERT-360caa42',
    'https://api.paypal.com.evil.example/v1/notifications/certs/CERT-360caa42',
    'https://evilpaypal.com/v1/notifications/certs/CERT-360caa42',
    'https://api.evilpaypal.com/v1/notifications/certs/CERT-360caa42',
    'https://user@api.paypal.com/v1/notifications/certs/CERT-360caa42',
    'https://api.paypal.com@evil.example/v1/notifications/certs/CERT-360caa42',
    'https://api.paypal.com:8443/v1/notifications/certs/CERT-360caa42',
    'https://api.paypal.com/v1/notifications/certs/../../evil',
    'https://api.paypal.com/v1/notifications/certs/CERT-1/../../evil',
    'https://api.paypal.com/v1/notifications/certs/CERT-1?next=https://evil.example',
    'https://api.paypal.com/v1/notifications/certs/CERT-1#',
    'https://www.paypal.com/v1/notifications/certs/CERT-360caa42',
    'https://API.paypal.com/v1/notifications/certs/CERT-360caa42',
    ' https://api.paypal.com/v1/notifications/certs/CERT-360caa42',
  ])('is never called at %s', async (url) => {
    const asked: string[] = [];
    const read = async (at: string): Promise<readonly string[]> => {
      asked.push(at);
      return [];
    };
    const certificates = { ...served('paypal'), read };
    expect(await check(withHeaders({ 'paypal-cert-url': url }), certificates)).toBe('malformed-signature');
    expect(asked).toEqual([]);
  });

  test('is called on the hosts of live and sandbox', async () => {
    for (const host of ['api', 'api-m', 'api.sandbox', 'api-m.sandbox']) {
      const url = `https://${host}.paypal.com/v1/notifications/certs/CERT-360caa42`;
      expect(await check(withHeaders({ 'paypal-cert-url': url })), host).toBe('unavailable');
    }
  });
});

describe('a certificate', () => {
  test('of a chain is accepted, also when its authority is not served but trusted itself', async () => {
    expect(await check(request, served('paypal', 'intermediate'))).toBe('verified by newest');
    expect(await check(request, served('paypal', 'other', 'intermediate', 'root'))).toBe(
      'verified by newest',
    );
    const trusted = { ...served('paypal'), roots: async () => [vectors.certificates.intermediate] };
    expect(await check(request, trusted)).toBe('verified by newest');
  });

  test('that leads to nobody we trust is refused', async () => {
    expect(await check(request, served('paypal'))).toBe('wrong-signature');
    expect(await check(request, { ...served('paypal', 'intermediate'), roots: async () => [] })).toBe(
      'wrong-signature',
    );
    expect(await check(requestOf(vectors.stranger), served('stranger'))).toBe('wrong-signature');
    expect(await check(requestOf(vectors.stranger), served('stranger', 'intermediate'))).toBe(
      'wrong-signature',
    );
  });

  test('of another name than PayPal’s is refused, however near', async () => {
    expect(await check(requestOf(vectors.other), served('other', 'intermediate'))).toBe('wrong-signature');
  });

  test('that has expired, or is not valid yet, is refused', async () => {
    expect(await check(requestOf(vectors.expired), served('expired', 'intermediate'))).toBe(
      'wrong-signature',
    );
    expect(await check({ ...request, receivedAt: Date.UTC(2020, 0) })).toBe('wrong-signature');
  });

  test('that was issued by one that is no authority is refused', async () => {
    expect(await check(requestOf(vectors.forged), served('forged', 'paypal', 'intermediate'))).toBe(
      'wrong-signature',
    );
  });

  test('counts in the order that it is served: the first one signs', async () => {
    expect(await check(request, served('intermediate', 'paypal'))).toBe('wrong-signature');
  });

  test('that is none is refused', async () => {
    for (const chain of [[], ['x'], ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']])
      expect(await check(request, { ...served('paypal'), read: async () => chain })).toBe('wrong-signature');
  });

  test('that cannot be had makes a 503, not a refusal: PayPal sends again', async () => {
    const taken = await take(
      {
        body: request.body,
        headers: withHeaders({ 'paypal-cert-url': 'https://api.paypal.com/v1/notifications/certs/CERT-0' })
          .headers,
      },
      {
        provider: paypal,
        ports: {
          ...world({
            secrets: {
              read: async () => ({ signing: [{ secret: fixture.secret as never, age: 'newest' }] }),
              refresh: async () => undefined,
            },
          }),
          certificates: served('paypal'),
        },
        request: { receivedAt: request.receivedAt },
      },
    );
    expect(taken).toMatchObject({
      kind: 'unavailable',
      cause: expect.stringContaining('certificate:api.paypal.com'),
    });
  });
});

describe('a signature', () => {
  test('is SHA-256, whatever the request asks for', async () => {
    for (const algorithm of ['SHA1withRSA', 'sha256withrsa', 'none', 'SHA512withRSA'])
      expect(await check(withHeaders({ 'paypal-auth-algo': algorithm })), algorithm).toBe(
        'malformed-signature',
      );
  });

  test('is for our own webhook: one for another listener is refused', async () => {
    expect(await outcomeOf(fixture, request, ['0EH40505U7160970P'])).toBe('wrong-signature');
    expect(await outcomeOf(fixture, request, ['0EH40505U7160970P', fixture.secret])).toBe(
      'verified by older',
    );
    expect(await outcomeOf(fixture, request, ['not|an|id'])).toBe('no-secret');
  });

  test('holds for as long as PayPal tries: three days', async () => {
    const late = (days: number): Request => ({
      ...request,
      receivedAt: request.receivedAt + days * 86_400_000,
    });
    expect(await check(late(2.9))).toBe('verified by newest');
    expect(await check(late(3.1))).toBe('stale-timestamp');
  });

  test('has parts that no separator can shift', async () => {
    const { 'paypal-transmission-id': id = '', 'paypal-transmission-time': time = '' } = request.headers;
    expect(
      await check(
        withHeaders({
          'paypal-transmission-id': `${id}|${time}`,
          'paypal-transmission-time': fixture.secret,
        }),
      ),
    ).toBe('malformed-id');
    expect(await check(withHeaders({ 'paypal-transmission-time': `${time}|x` }))).toBe('malformed-timestamp');
  });
});

describe('another body of the same CRC-32', () => {
  /** Four bytes at the end make any sum: tried backwards through the register, as anybody can. */
  function withSum(text: string, sum: number): Buffer {
    const start = Buffer.from(text);
    const reversed = new Map(
      Array.from({ length: 256 }, (_, index) => {
        const entry = tableEntry(index);
        return [entry >>> 24, { index, entry }] as const;
      }),
    );
    let register = ~sum >>> 0;
    const picks: number[] = [];
    for (let step = 0; step < 4; step += 1) {
      const { index, entry } = reversed.get(register >>> 24) ?? { index: 0, entry: 0 };
      picks.unshift(index);
      register = ((register ^ entry) << 8) >>> 0;
    }
    let forward = ~crc32(start) >>> 0;
    const tail = picks.map((index) => {
      const byte = (forward ^ index) & 0xff;
      forward = (tableEntry(index) ^ (forward >>> 8)) >>> 0;
      return byte;
    });
    return Buffer.concat([start, Buffer.from(tail)]);
  }

  function tableEntry(index: number): number {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value >>> 0;
  }

  const original = request.body.toString();
  /** Another capture, of another amount. Here the four bytes come behind the JSON; with a few more they can be made letters within it. */
  const forgedBody = withSum(
    original.replace('"30.00"', '"99.00"').replaceAll('WH-58D3', 'WH-FFFF'),
    crc32(request.body),
  );
  const forged: Request = { ...request, body: forgedBody };

  test('carries the signature: so far the signature does not help', async () => {
    expect(crc32(forgedBody)).toBe(crc32(request.body));
    expect(await check(forged)).toBe('verified by newest');
  });

  test('is known by the transmission that it came under, and refused as forged', async () => {
    const source = sourceOf(paypal);
    const mark = (text: string) =>
      readOne(source, { body: text, headers: { 'content-type': 'application/json', ...request.headers } });
    const first = await mark(original);
    const second = await mark(original.replace('"30.00"', '"99.00"').replaceAll('WH-58D3', 'WH-FFFF'));
    expect(second.key).not.toBe(first.key);
    expect(second.content).toBe(first.content);
    const row = { fingerprint: first.fingerprint, id: first.id };
    expect(decideContent(second, { kind: 'refused', row })).toEqual({ kind: 'forged', of: first.id });
    // What PayPal itself sends again is the same.
    expect(decideContent(await mark(original), { kind: 'refused', row }).kind).toBe('repeat');
  });

  test('under the id of the first has another fingerprint, and so collides', async () => {
    const source = sourceOf(paypal);
    const read = (text: string) =>
      readOne(source, { body: text, headers: { 'content-type': 'application/json', ...request.headers } });
    const [first, second] = [await read(original), await read(original.replace('"30.00"', '"99.00"'))];
    expect(second.key).toBe(first.key);
    expect(second.fingerprint).not.toBe(first.fingerprint);
  });
});

test('a delivery is verified without taking TLS from a process that has not used it yet', async () => {
  const script = `
    const { fixture } = await import(${JSON.stringify(import.meta.resolve('../fixtures/paypal.ts'))});
    const { outcomeOf } = await import(${JSON.stringify(import.meta.resolve('../contracts/signed-request.ts'))});
    console.log(await outcomeOf(fixture, fixture.samples[0].request, [fixture.secret]));
    (await import('node:tls')).createServer({});
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout).toBe('verified by newest\n');
});

test('a capture of the first version, or of none, is not looked for in the API of the second', async () => {
  const asking = reconcilingSource(paypal);
  const pathOf = async (version: string): Promise<string | undefined> => {
    const body = `{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED","resource_type":"capture",${version}"resource":{"id":"42311647XV020574X"}}`;
    return (await readOne(asking, { body })).resource?.path;
  };
  expect(await pathOf('"resource_version":"2.0",')).toBe('/v2/payments/captures/42311647XV020574X');
  expect(await pathOf('"resource_version":"1.0",')).toBeUndefined();
  expect(await pathOf('')).toBeUndefined();
});
