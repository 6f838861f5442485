import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../lib/local/gateway.ts';
import { gatewayEvent } from '../../lib/local/gateway-event.ts';
import { PortInUseError } from '../../lib/local/local-server.ts';

const NOW = 1_583_348_638_390;

let gateway: Gateway;
let events: APIGatewayProxyEventV2[];
let failures: { error: unknown; routeKey: string }[];
let answer: (event: APIGatewayProxyEventV2) => unknown;

beforeEach(async () => {
  events = [];
  failures = [];
  answer = () => ({ statusCode: 200 });
  gateway = await startGateway({
    port: 0,
    routes: [
      { method: 'POST', path: '/github' },
      { method: 'GET', path: '/github' },
      { method: 'HEAD', path: '/github' },
    ],
    invoke: async (event) => {
      events.push(event);
      return answer(event);
    },
    now: () => NOW,
    onFailure: (error, routeKey) => failures.push({ error, routeKey }),
  });
});
afterEach(() => gateway.close());

const post = (body: Buffer | string, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}/github`, { method: 'POST', body, headers });

/** The event that the function got for a request written byte by byte. */
async function eventOf(head: string[], body: Buffer | string = ''): Promise<APIGatewayProxyEventV2> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  const length = Buffer.byteLength(body);
  socket.write(
    [...head, 'Host: hooks.example.com', `Content-Length: ${length}`, 'Connection: close', '', ''].join(
      '\r\n',
    ),
  );
  socket.write(body);
  for await (const _ of socket);
  const [event] = events;
  if (event === undefined) throw new Error('the function was not invoked');
  return event;
}

describe('the gateway', () => {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
  test('makes of a request the event that AWS documents', () => {
    const event = gatewayEvent(
      {
        method: 'POST',
        path: '/my/path',
        query: 'parameter1=value1&parameter1=value2&parameter2=value',
        rawHeaders: [
          'Header1',
          'value1',
          'Header2',
          'value1',
          'header2',
          'value2',
          'Cookie',
          'cookie1; cookie2',
        ].concat([
          'Content-Type',
          'text/plain',
          'User-Agent',
          'agent',
          'Host',
          'id.execute-api.us-east-1.amazonaws.com',
        ]),
        body: Buffer.from('Hello from Lambda'),
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        port: 443,
        requestId: 'id',
        receivedAt: 1_583_348_638_390,
      },
      '$default',
    );
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/my/path',
      rawQueryString: 'parameter1=value1&parameter1=value2&parameter2=value',
      cookies: ['cookie1', 'cookie2'],
      headers: { header1: 'value1', header2: 'value1,value2' },
      queryStringParameters: { parameter1: 'value1,value2', parameter2: 'value' },
      requestContext: {
        domainName: 'id.execute-api.us-east-1.amazonaws.com',
        domainPrefix: 'id',
        http: {
          method: 'POST',
          path: '/my/path',
          protocol: 'HTTP/1.1',
          sourceIp: '192.0.2.1',
          userAgent: 'agent',
        },
        requestId: 'id',
        routeKey: '$default',
        stage: '$default',
        time: '04/Mar/2020:19:03:58 +0000',
        timeEpoch: 1_583_348_638_390,
      },
      body: 'Hello from Lambda',
      isBase64Encoded: false,
    });
    expect(event.headers).not.toHaveProperty('cookie');
  });

  test('hands over names in lower case, what came twice joined with a comma, cookies apart', async () => {
    const event = await eventOf([
      'POST /github?b=2&a=%C3%A9+x&b=%2F&__proto__=p HTTP/1.1',
      'X-Hub-Signature-256: one',
      'x-hub-signature-256: two, three',
      'Cookie: a=1; b=2',
      'cookie: c=3',
      '__proto__: h',
    ]);
    expect(event).toMatchObject({
      routeKey: 'POST /github',
      rawPath: '/github',
      rawQueryString: 'b=2&a=%C3%A9+x&b=%2F&__proto__=p',
      cookies: ['a=1', 'b=2', 'c=3'],
    });
    expect(event.queryStringParameters).toEqual(
      Object.fromEntries([
        ['b', '2,/'],
        ['a', 'é x'],
        ['__proto__', 'p'],
      ]),
    );
    expect(Object.entries(event.headers)).toContainEqual(['__proto__', 'h']);
    expect(event.headers).toMatchObject({
      'x-hub-signature-256': 'one,two, three',
      host: 'hooks.example.com',
      'x-forwarded-for': '127.0.0.1',
      'content-length': '0',
    });
    expect(event.headers).not.toHaveProperty('connection');
    expect(event.requestContext.domainName).toBe('hooks.example.com');
  });

  test('leaves out what the request does not have', async () => {
    const event = await eventOf(['GET /github HTTP/1.1']);
    expect(event).not.toHaveProperty('body');
    expect(event).not.toHaveProperty('cookies');
    expect(event).not.toHaveProperty('queryStringParameters');
    expect(event).toMatchObject({ rawQueryString: '', isBase64Encoded: false });
  });

  test('takes the time and an id of its own for each request', async () => {
    const first = await post('{}');
    await post('{}');
    expect(events.map((event) => event.requestContext.timeEpoch)).toEqual([NOW, NOW]);
    const ids = events.map((event) => event.requestContext.requestId);
    expect(new Set(ids).size).toBe(2);
    expect(first.headers.get('apigw-requestid')).toBe(ids[0]);
  });

  test.each([
    ['application/json', false],
    ['application/json; charset=utf-8', false],
    ['APPLICATION/JSON;charset="UTF-8"', false],
    ['application/xml', false],
    ['application/javascript', false],
    ['text/plain', false],
    ['text/html; charset=utf-8', false],
    ['text/plain; charset=iso-8859-1', true],
    ['application/x-www-form-urlencoded', true],
    ['application/cloudevents+json', true],
    ['application/octet-stream', true],
    ['multipart/form-data; boundary=x', true],
    [undefined, true],
  ])('hands over a body of %s with isBase64Encoded %s', async (contentType, encoded) => {
    const head = contentType === undefined ? [] : [`Content-Type: ${contentType}`];
    const event = await eventOf(['POST /github HTTP/1.1', ...head], 'a=%20é');
    expect(event.isBase64Encoded).toBe(encoded);
    expect(event.body).toBe(encoded ? Buffer.from('a=%20é').toString('base64') : 'a=%20é');
  });

  test('keeps every byte of a body that is not text, and every character of one that is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1 }),
        fc.string({ unit: 'binary', minLength: 1 }),
        async (bytes, text) => {
          events = [];
          await post(Buffer.from(bytes), { 'content-type': 'application/octet-stream' });
          await post(Buffer.from(text), { 'content-type': 'application/json' });
          expect(Buffer.from(events[0]?.body ?? '', 'base64')).toEqual(Buffer.from(bytes));
          expect(events[1]?.body).toBe(text);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('damages text that is not UTF-8, as the real gateway does', async () => {
    await post(Buffer.from([0x22, 0xff, 0x22]), { 'content-type': 'application/json' });
    expect(events[0]).toMatchObject({ isBase64Encoded: false, body: '"\ufffd"' });
  });

  test('takes a body that comes in chunks', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      'POST /github HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n',
    );
    socket.write('Connection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n');
    for await (const _ of socket);
    expect(events[0]).toMatchObject({ body: 'abcde', headers: { 'content-length': '5' } });
    expect(events[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  test.each([
    ['another path', 'POST', '/gitlab'],
    ['a longer path', 'POST', '/github/x'],
    ['a slash at the end', 'POST', '/github/'],
    ['another method', 'DELETE', '/github'],
    ['a path that cannot be decoded', 'POST', '/github%ff'],
  ])('answers 404 for %s and invokes nothing', async (_, method, path) => {
    const response = await fetch(gateway.url + path, { method });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('{"message":"Not Found"}');
    expect(events).toEqual([]);
  });

  test('decodes the path, as HTTP APIs do', async () => {
    expect((await fetch(`${gateway.url}/%67ithub`)).status).toBe(200);
    expect(events[0]).toMatchObject({ rawPath: '/github', routeKey: 'GET /github' });
  });

  test.each([
    ['above 10 MB', Buffer.alloc(10 * 1024 * 1024 + 1, 'x'), 'text/plain'],
    ['above 6,291,556 bytes as an event, by base64', Buffer.alloc(4_720_000), 'application/octet-stream'],
    ['above 6,291,556 bytes as an event, by escaping', Buffer.alloc(1_060_000, '\u0001'), 'text/plain'],
  ])('answers 413 for a body %s and invokes nothing', async (_, body, contentType) => {
    const response = await post(body, { 'content-type': contentType });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ message: 'Request Entity Too Large' });
    expect(events).toEqual([]);
  });

  test('takes a body just below the limit', async () => {
    const response = await post(Buffer.alloc(6_290_000, 'x'), { 'content-type': 'text/plain' });
    expect(response.status).toBe(200);
    expect(events[0]?.body).toHaveLength(6_290_000);
  });

  test('answers what the function returns', async () => {
    answer = () => ({
      statusCode: 201,
      headers: { 'Content-Type': 'image/png', 'X-Number': 7, 'Content-Length': '999' },
      cookies: ['a=1', 'b=2'],
      body: Buffer.from([0, 255]).toString('base64'),
      isBase64Encoded: true,
    });
    const response = await post('{}');
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('x-number')).toBe('7');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0, 255]));
  });

  test.each([
    ['only a status', { statusCode: 401 }, 401, 'text/plain; charset=utf-8', ''],
    ['a status and a body', { statusCode: 503, body: 'é' }, 503, 'text/plain; charset=utf-8', 'é'],
    ['a string', 'plain', 200, 'application/json', 'plain'],
    ['an object without a status', { challenge: 'x' }, 200, 'application/json', '{"challenge":"x"}'],
    ['nothing', undefined, 200, 'application/json', 'null'],
  ])('answers for a result of %s', async (_, result, status, contentType, body) => {
    answer = () => result;
    const response = await post('{}');
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      status,
      contentType,
      body,
    ]);
    expect(failures).toEqual([]);
  });

  test.each([
    ['no number as its status', { statusCode: 'ok' }],
    ['a status that HTTP has not', { statusCode: 999 }],
    ['an object as its body', { statusCode: 200, body: {} }],
    ['a header that HTTP cannot carry', { statusCode: 200, headers: { a: 'b\r\nc: d' } }],
    ['a header name that HTTP cannot carry', { statusCode: 200, headers: { 'a b': 'c' } }],
    ['an object as a header', { statusCode: 200, headers: { a: {} } }],
    ['a string as its cookies', { statusCode: 200, cookies: 'a=1' }],
    ['no boolean as isBase64Encoded', { statusCode: 200, isBase64Encoded: 'yes' }],
    ['more than 6,291,556 bytes', { statusCode: 200, body: 'x'.repeat(6_291_556) }],
  ])('answers 500 for a result with %s, and reports it', async (_, result) => {
    answer = () => result;
    const response = await post('{}');
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('{"message":"Internal Server Error"}');
    expect(failures).toMatchObject([{ routeKey: 'POST /github', error: expect.any(Error) }]);
  });

  test('answers 500 for a function that throws, tells the caller nothing of it, and goes on', async () => {
    const thrown = new Error('secret detail');
    answer = () => Promise.reject(thrown);
    const response = await post('{}');
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('{"message":"Internal Server Error"}');
    expect(failures).toEqual([{ error: thrown, routeKey: 'POST /github' }]);
    answer = () => ({ statusCode: 200 });
    expect((await post('{}')).status).toBe(200);
  });

  test('outlives a caller who hangs up amid the body', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    socket.write('POST /github HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc', () =>
      socket.destroy(),
    );
    await new Promise((resolve) => socket.once('close', resolve));
    expect((await post('{}')).status).toBe(200);
    expect(events).toHaveLength(1);
  });

  test('lets a request under way finish when it closes', async () => {
    const invoked = Promise.withResolvers<void>();
    const release = Promise.withResolvers<unknown>();
    answer = () => {
      invoked.resolve();
      return release.promise;
    };
    const response = post('{}');
    await invoked.promise;
    const closed = gateway.close();
    release.resolve({ statusCode: 202 });
    expect((await response).status).toBe(202);
    await closed;
    await expect(fetch(gateway.url)).rejects.toThrow('fetch failed');
  });

  test('says which port is in use', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as AddressInfo;
    const started = startGateway({
      port,
      routes: [],
      invoke: async () => {},
      now: () => 0,
      onFailure: () => {},
    });
    await expect(started).rejects.toBeInstanceOf(PortInUseError);
    blocker.close();
  });
});
