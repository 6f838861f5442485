import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { certificateCalls } from '../../lib/aws/certificate-calls.ts';
import { httpsCertificates } from '../../lib/aws/https-certificates.ts';
import { httpsText } from '../../lib/aws/https-text.ts';
import { parseCertificate } from '../../lib/core/scheme/certificate-chain.ts';
import { selfSignedCertificate } from '../../lib/core/scheme/self-signed-certificate.ts';

const URL = 'https://api.paypal.com/v1/notifications/certs/CERT-1';
const { certificate, privateKey } = selfSignedCertificate('localhost');
const chain = `served by\n${certificate}${certificate}`;

/** Gives the answers in turn, and counts. */
function calls(...answers: readonly (string | Error)[]) {
  const asked: string[] = [];
  const get = async (url: string): Promise<string> => {
    const answer = answers[asked.length] ?? new Error('asked too often');
    asked.push(url);
    if (typeof answer !== 'string') throw answer;
    return answer;
  };
  return { asked, served: { get, roots: () => [certificate] } };
}

describe('certificates', () => {
  test('are those of the text, asked for once in a day and by one call at a time', async () => {
    let now = 0;
    const { asked, served } = calls(chain, chain);
    const certificates = httpsCertificates({ now: () => now, calls: served });
    const both = await Promise.all([certificates.read(URL), certificates.read(URL)]);
    expect(both.flat()).toHaveLength(4);
    expect(parseCertificate(both[0][1] ?? '')?.subject).toBe('CN=localhost');
    now = 86_399_999;
    await certificates.read(URL);
    expect(asked).toEqual([URL]);
    now = 86_400_000;
    await certificates.read(URL);
    expect(asked).toEqual([URL, URL]);
  });

  test('that could not be had are asked for again by the next request', async () => {
    const { served } = calls(new Error('HTTP 500'), 'no certificate', chain);
    const certificates = httpsCertificates({ now: () => 0, calls: served });
    const unavailable = { code: 'INFRASTRUCTURE', call: 'certificate:api.paypal.com', nature: 'unavailable' };
    await expect(certificates.read(URL)).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining('HTTP 500'),
    });
    await expect(certificates.read(URL)).rejects.toMatchObject(unavailable);
    expect(await certificates.read(URL)).toHaveLength(2);
  });

  test('are kept of a few addresses only, whatever anybody asks for', async () => {
    const { asked, served } = calls(...Array.from({ length: 18 }, () => chain));
    const certificates = httpsCertificates({ now: () => 0, calls: served });
    for (let index = 0; index < 17; index += 1) await certificates.read(`${URL}${index}`);
    await certificates.read(`${URL}16`);
    expect(asked).toHaveLength(17);
    await certificates.read(`${URL}0`);
    expect(asked).toHaveLength(18);
  });

  test('are trusted by the authorities that Node trusts, as one list', async () => {
    const certificates = httpsCertificates({ now: () => 0 });
    const roots = await certificates.roots();
    expect(roots.length).toBeGreaterThan(50);
    expect(await certificates.roots()).toBe(roots);
    expect(roots.map((root) => parseCertificate(root)?.subject).join('\n')).toContain('DigiCert');
  });
});

describe('a key set', () => {
  const KEYS = 'https://login.microsoftonline.com/common/discovery/v2.0/keys';
  const set = (...kids: readonly string[]): string => JSON.stringify({ keys: kids.map((kid) => ({ kid })) });

  test('is asked for once in a day, and anew for a key that it lacks, but at most every five minutes', async () => {
    let now = 0;
    const { asked, served } = calls(set('a'), set('a', 'b'), set('b'));
    const { keySet } = httpsCertificates({ now: () => now, calls: served });
    expect(await keySet(KEYS, 'a')).toEqual([{ kid: 'a' }]);
    now = 299_999;
    expect(await keySet(KEYS, 'b')).toEqual([{ kid: 'a' }]);
    expect(asked).toHaveLength(1);
    now = 300_000;
    expect(await Promise.all([keySet(KEYS, 'b'), keySet(KEYS, 'c')])).toEqual([
      [{ kid: 'a' }, { kid: 'b' }],
      [{ kid: 'a' }, { kid: 'b' }],
    ]);
    expect(asked).toHaveLength(2);
    now += 86_400_000;
    expect(await keySet(KEYS, 'b')).toEqual([{ kid: 'b' }]);
    expect(asked).toEqual([KEYS, KEYS, KEYS]);
  });

  test('that cannot be had anew is unavailable for the key that it lacks, and serves the others', async () => {
    let now = 0;
    const { served } = calls(set('a'), new Error('HTTP 500'), 'no JSON', '{"keys":1}');
    const { keySet } = httpsCertificates({ now: () => now, calls: served });
    await keySet(KEYS, 'a');
    now = 300_000;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(keySet(KEYS, 'b')).rejects.toMatchObject({
        code: 'INFRASTRUCTURE',
        call: 'keys:login.microsoftonline.com',
      });
      expect(await keySet(KEYS, 'a')).toEqual([{ kid: 'a' }]);
    }
  });
});

describe('a call for a certificate', () => {
  let server: Server;
  let answer: RequestListener;
  const port = (): number => (server.address() as AddressInfo).port;
  const ask = (): Promise<string> =>
    httpsText(`https://localhost:${port()}/cert`, {
      ca: certificate,
      lookup: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    });

  beforeAll(async () => {
    server = createServer({ cert: certificate, key: privateKey }, (request, response) =>
      answer(request, response),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('gives what is served', async () => {
    answer = (_, response) => response.end(certificate);
    expect(await ask()).toBe(certificate);
  });

  test('follows no redirect', async () => {
    const seen: string[] = [];
    answer = ({ url = '' }, response) => {
      seen.push(url);
      response.writeHead(302, { location: `https://localhost:${port()}/other` }).end();
    };
    await expect(ask()).rejects.toThrow('HTTP 302');
    expect(seen).toEqual(['/cert']);
  });

  test('fails on an error, on too large an answer and on one that breaks off', async () => {
    answer = (_, response) => response.writeHead(404).end('gone');
    await expect(ask()).rejects.toThrow('HTTP 404');
    answer = (_, response) => response.end('x'.repeat(270_000));
    await expect(ask()).rejects.toThrow('more than 262144 bytes');
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('x', () => response.destroy());
    };
    await expect(ask()).rejects.toThrow(/aborted|hang up|ECONNRESET/);
  });

  test('is made to nobody whose name is proved by no authority', async () => {
    answer = (_, response) => response.end(certificate);
    await expect(certificateCalls.get(`https://127.0.0.1:${port()}/cert`)).rejects.toThrow(/self-signed/);
  });

  test('is made over https only', () => {
    expect(() => httpsText(`http://127.0.0.1:${port()}/cert`)).toThrow(/Protocol "http:" not supported/);
  });
});
