import type { LookupAddress } from 'node:dns';
import { createServer as createHttpsServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ApiClientOptions, httpsApiClient } from '../../lib/aws/https-api-client.ts';
import type { ApiBase, ApiRequest } from '../../lib/core/ports.ts';
import { selfSignedCertificate } from '../../lib/core/scheme/self-signed-certificate.ts';
import { json, type StubProvider, startStubProvider } from '../contracts/stub-provider.ts';

let provider: StubProvider;
let client: ReturnType<typeof httpsApiClient>;

function open(options: Partial<ApiClientOptions> = {}): void {
  client = httpsApiClient({ limitMs: 5_000, ...options });
}

const get = (url: string, more: Partial<ApiRequest> = {}): ApiRequest => ({
  method: 'GET',
  url,
  headers: { authorization: 'canary' },
  ...more,
});

const at = (baseUrl: string, network: ApiBase['network'] = 'public'): ApiBase => ({ baseUrl, network });

beforeAll(async () => {
  provider = await startStubProvider();
});
afterEach(() => {
  client.close();
  provider.asked.length = 0;
});
afterAll(() => provider.close());

describe('a call of a provider’s API', () => {
  test('gives whatever status, headers and bytes came', async () => {
    open();
    provider.answer((_, response) =>
      response.writeHead(418, { 'X-Odd': ['a', 'b'], 'set-cookie': 'a=1' }).end(Buffer.from([0, 255])),
    );
    const { baseUrl } = provider;
    expect(await client.send(get(`${baseUrl}/x?y=1`), at(baseUrl))).toMatchObject({
      status: 418,
      headers: { 'x-odd': 'a, b' },
      body: Buffer.from([0, 255]),
    });
  });

  test('sends a body where there is one', async () => {
    open();
    provider.answer(json(200, {}));
    const { baseUrl } = provider;
    await client.send(get(`${baseUrl}/token`, { method: 'POST', body: 'grant=ü' }), at(baseUrl));
    await client.send(get(`${baseUrl}/x`), at(baseUrl));
    expect(provider.asked).toMatchObject([
      { method: 'POST', body: 'grant=ü', headers: { 'content-length': '8' } },
      { method: 'GET', body: '' },
    ]);
    expect(provider.asked[1]?.headers).not.toHaveProperty('content-length');
  });

  test('follows no redirect', async () => {
    open();
    const { baseUrl } = provider;
    provider.answer(json(307, {}, { location: `${baseUrl}/other` }));
    expect(await client.send(get(`${baseUrl}/x`), at(baseUrl))).toMatchObject({ status: 307 });
    expect(provider.asked.map(({ url }) => url)).toEqual(['/x']);
  });

  test('keeps its connection, and opens another when the server has closed it meanwhile', async () => {
    open();
    const { baseUrl } = provider;
    let connections = 0;
    const ports = new Set<number | undefined>();
    provider.answer((request, response) => {
      connections += ports.has(request.socket.remotePort) ? 0 : 1;
      ports.add(request.socket.remotePort);
      // The second answer on a connection never comes.
      if (provider.asked.length === 3) request.socket.destroy();
      else response.end('{}');
    });
    for (let call = 0; call < 3; call += 1)
      expect(await client.send(get(`${baseUrl}/x`), at(baseUrl))).toMatchObject({ status: 200 });
    expect([provider.asked.length, connections]).toEqual([4, 2]);
  });
});

describe('no whole answer', () => {
  test.each<[string, Parameters<StubProvider['answer']>[0], object]>([
    [
      'is one that is too late',
      (_, response) => response.writeHead(200).write('{'),
      { nature: 'unavailable', message: expect.stringContaining('no whole answer within 100 ms') },
    ],
    ['is one that never begins', () => {}, { nature: 'unavailable' }],
    [
      'is one that breaks off',
      (_, response) =>
        response.writeHead(200, { 'content-length': '9' }).write('{', () => response.destroy()),
      { nature: 'unavailable' },
    ],
    [
      'is one that is too large, whatever its header says',
      (_, response) => response.end('x'.repeat(1_048_577)),
      { nature: 'refused', message: expect.stringContaining('more than 1048576 bytes') },
    ],
    ['is no HTTP', ({ socket }) => socket.end('SMTP ready\r\n\r\n'), { nature: 'unavailable' }],
  ])('%s', async (_, how, expected) => {
    open({ limitMs: 100 });
    provider.answer(how);
    const { baseUrl } = provider;
    const error = await client
      .send(get(`${baseUrl}/x?token=canary`), at(baseUrl))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'INFRASTRUCTURE',
      call: `api:127.0.0.1:${new URL(baseUrl).port}`,
      ...expected,
    });
    expect((error as Error).message).not.toContain('canary');
  });

  test('is the largest one that is taken: a byte less', async () => {
    open();
    provider.answer((_, response) => response.end('x'.repeat(1_048_576)));
    const { baseUrl } = provider;
    expect((await client.send(get(`${baseUrl}/x`), at(baseUrl))).body).toHaveLength(1_048_576);
  });

  test('comes from where nobody listens', async () => {
    open();
    const dead = await startStubProvider();
    await dead.close();
    await expect(client.send(get(`${dead.baseUrl}/x`), at(dead.baseUrl))).rejects.toMatchObject({
      nature: 'unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('is taken from anywhere but the base URL: what is sent holds credentials', async () => {
    open();
    const { baseUrl } = provider;
    for (const url of [
      `${baseUrl.replace('127.0.0.1', 'localhost')}/x`,
      'http://127.0.0.1:1/x',
      'https://evil.example/x',
    ])
      await expect(client.send(get(url), at(baseUrl))).rejects.toMatchObject({ nature: 'refused' });
    await expect(client.send(get('http://api.example/x'), at('http://api.example'))).rejects.toMatchObject({
      nature: 'refused',
    });
    expect(provider.asked).toEqual([]);
  });

  test('and no call: what is no URL or no header is nobody’s address', async () => {
    open();
    const { baseUrl } = provider;
    await expect(client.send(get('nowhere'), at(baseUrl))).rejects.toMatchObject({ nature: 'refused' });
    await expect(
      client.send(get(`${baseUrl}/x`, { headers: { 'x-a': 'canary\n' } }), at(baseUrl)),
    ).rejects.toMatchObject({ nature: 'refused', message: expect.not.stringContaining('canary') });
  });

  test('hides no bug', async () => {
    open();
    await expect(client.send(null as unknown as ApiRequest, at(provider.baseUrl))).rejects.toThrow(TypeError);
  });
});

describe('a name', () => {
  let server: Server;
  let connections = 0;
  const baseUrl = (host = 'api.example'): string =>
    `https://${host}:${(server.address() as AddressInfo).port}`;

  beforeAll(async () => {
    const { certificate, privateKey } = selfSignedCertificate('api.example');
    server = createHttpsServer({ cert: certificate, key: privateKey }, (_, response) => response.end('{}'));
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const v4 = (address: string): LookupAddress => ({ address, family: 4 });

  test.each([
    ['this machine', [v4('127.0.0.1')]],
    ['the metadata of the machine', [v4('169.254.169.254')]],
    ['an address of the internet, and a private one beside it', [v4('8.8.8.8'), v4('10.0.0.1')]],
    ['this machine, mapped', [{ address: '::ffff:127.0.0.1', family: 6 }]],
  ])('that leads to %s is not connected to', async (_, addresses) => {
    const asked: string[] = [];
    open({
      addressesOf: async (host) => {
        asked.push(host);
        return addresses;
      },
    });
    connections = 0;
    await expect(client.send(get(`${baseUrl()}/x`), at(baseUrl()))).rejects.toMatchObject({
      nature: 'refused',
      message: expect.stringContaining('private network'),
    });
    expect([asked, connections]).toEqual([['api.example'], 0]);
  });

  test.each([
    ['public', '8.8.8.8'],
    ['private-too', '10.1.2.3'],
  ] as const)(
    'of a network (%s) is looked at when the connection is made, so it cannot lead elsewhere later',
    async (network, address) => {
      // A name of a short life: whoever checked it before would have seen nothing wrong.
      const answers = [[v4(address)], [v4('127.0.0.1')]];
      const addressesOf = async (): Promise<readonly LookupAddress[]> => answers.shift() ?? [];
      expect(await addressesOf()).toEqual([v4(address)]);
      open({ addressesOf });
      connections = 0;
      await expect(client.send(get(`${baseUrl()}/x`), at(baseUrl(), network))).rejects.toMatchObject({
        nature: 'refused',
        message: expect.stringContaining('OUTSIDE_NETWORK'),
      });
      expect([answers, connections]).toEqual([[], 0]);
    },
  );

  test.each([
    ['a link', 'private-too', '169.254.169.254'],
    ['another of this machine', 'private-too', '127.0.0.2'],
    ['another of this machine, in a number', 'private-too', '2130706434'],
    ['this machine, in IPv6', 'private-too', '[::1]'],
    ['a private network that the source has not named', 'public', '10.1.2.3'],
  ] as const)('that is an address itself is not connected to: %s', async (_, network, host) => {
    open();
    await expect(client.send(get(`${baseUrl(host)}/x`), at(baseUrl(host), network))).rejects.toMatchObject({
      nature: 'refused',
      message: expect.stringContaining('OUTSIDE_NETWORK'),
    });
  });

  test('that leads nowhere, or cannot be looked up, is an outage', async () => {
    open({ addressesOf: async () => [] });
    await expect(client.send(get(`${baseUrl()}/x`), at(baseUrl()))).rejects.toMatchObject({
      nature: 'unavailable',
    });
    client.close();
    open({
      addressesOf: () =>
        Promise.reject(Object.assign(new Error('getaddrinfo EAI_AGAIN api.example'), { code: 'EAI_AGAIN' })),
    });
    await expect(client.send(get(`${baseUrl()}/x`), at(baseUrl()))).rejects.toMatchObject({
      nature: 'unavailable',
      message: expect.stringContaining('EAI_AGAIN'),
    });
  });

  test('must be proved by an authority: this server is only its own', async () => {
    open();
    connections = 0;
    // An address that the base URL itself names is connected to.
    const literal = baseUrl('127.0.0.1');
    await expect(client.send(get(`${literal}/x`), at(literal))).rejects.toMatchObject({
      nature: 'unavailable',
      message: expect.stringContaining('SELF_SIGNED'),
    });
    expect(connections).toBe(1);
  });
});
