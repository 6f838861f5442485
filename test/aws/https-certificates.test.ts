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
  return { asked, load: async () => ({ get, roots: () => [certificate] }) };
}

describe('certificates', () => {
  test('are those of the text, asked for once in a day and by one call at a time', async () => {
    let now = 0;
    const { asked, load } = calls(chain, chain);
    const certificates = httpsCertificates({ now: () => now, load });
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
    const { load } = calls(new Error('HTTP 500'), 'no certificate', chain);
    const certificates = httpsCertificates({ now: () => 0, load });
    const unavailable = { code: 'INFRASTRUCTURE', call: 'certificate:api.paypal.com', nature: 'unavailable' };
    await expect(certificates.read(URL)).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining('HTTP 500'),
    });
    await expect(certificates.read(URL)).rejects.toMatchObject(unavailable);
    expect(await certificates.read(URL)).toHaveLength(2);
  });

  test('are kept of a few addresses only, whatever anybody asks for', async () => {
    const { asked, load } = calls(...Array.from({ length: 18 }, () => chain));
    const certificates = httpsCertificates({ now: () => 0, load });
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
    answer = (_, response) => response.end('x'.repeat(70_000));
    await expect(ask()).rejects.toThrow('more than 65536 bytes');
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
