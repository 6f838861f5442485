import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { type IngestWiring, ingestHandler } from '../../lib/aws/ingest-handler.ts';
import { openInlet } from '../../lib/core/inlet.ts';
import type { Report } from '../../lib/core/report.ts';
import { gatewayEvent } from '../../lib/local/gateway-event.ts';
import { lambdaContext } from '../../lib/local/lambda-context.ts';
import { JSON_TYPE, type Sent, sourceOf } from '../core/intake-cases.ts';
import { onlyDelivery, signed, signingProvider, type World, world } from '../core/intake-world.ts';

const NOW = Date.UTC(2026, 10, 24, 10);
const context: Context = lambdaContext({ name: 'ingest', timeoutMs: 10_000 }, () => NOW);

interface Handled {
  readonly ports: World;
  readonly reports: readonly Report[];
  call(event: APIGatewayProxyEventV2, context?: Context): Promise<APIGatewayProxyStructuredResultV2>;
}

async function handler(wiring: Partial<IngestWiring> & { ports?: World } = {}): Promise<Handled> {
  const ports = wiring.ports ?? world();
  const reports: Report[] = [];
  const source = sourceOf(signingProvider(), { paths: ['/acme', '/moved'] });
  const handle = ingestHandler({
    inlets: [await openInlet(source)],
    publicUrl: 'https://hooks.example.com',
    now: () => NOW,
    report: (report) => reports.push(report),
    ...wiring,
    ports,
  });
  return { ports, reports, call: (event, lambda = context) => handle(event, lambda) };
}

/** As the gateway makes it. */
function eventOf(
  sent: Sent,
  changes: { readonly path?: string; readonly method?: string } = {},
): APIGatewayProxyEventV2 {
  const method = changes.method ?? sent.method ?? 'POST';
  const path = changes.path ?? '/acme';
  return gatewayEvent(
    {
      method,
      path,
      query: sent.query ?? '',
      rawHeaders: Object.entries(sent.headers ?? JSON_TYPE).flat(),
      body: Buffer.from(sent.body),
      protocol: 'HTTP/1.1',
      sourceIp: '127.0.0.1',
      port: 1,
      requestId: 'JKJaXmPLvHcESHA=',
      receivedAt: NOW - 20,
    },
    `${method} ${path}`,
  );
}

const event = signed({ body: '{"id":"é😀","thing":{}}' });

describe('an event of the HTTP API', () => {
  test('becomes a delivery under the gateway’s request id and time, and one report', async () => {
    const { ports, reports, call } = await handler();
    expect(await call(eventOf({ ...event, query: 'a=%20b&&a=+c' }))).toEqual({
      statusCode: 200,
      headers: {},
      body: '',
      isBase64Encoded: false,
    });
    expect(onlyDelivery(ports)).toMatchObject({
      id: 'JKJaXmPLvHcESHA=',
      path: '/acme',
      query: 'a=%20b&&a=+c',
      body: Buffer.from(event.body),
      receivedAt: NOW - 20,
    });
    expect(reports).toEqual([
      {
        kind: 'intake',
        source: 'acme',
        delivery: 'JKJaXmPLvHcESHA=',
        bytes: Buffer.byteLength(event.body),
        durationMs: 0,
        outcome: 'accepted',
        secret: 'newest',
        place: 'queue',
      },
    ]);
  });

  test.each([
    ['a form', 'application/x-www-form-urlencoded', Buffer.from('payload=%7B%7D&a=+')],
    ['binary', 'application/octet-stream', Buffer.from([0, 0xff, 0xfe, 0x80])],
    ['no content type', '', Buffer.from('{}')],
    ['an empty body', 'application/json', Buffer.alloc(0)],
  ])('gives its exact bytes: %s', async (_what, type, body) => {
    const { ports, call } = await handler();
    const sent = eventOf(signed({ body, headers: { 'content-type': type } }));
    expect(await call(sent)).toMatchObject({ statusCode: 200 });
    expect(onlyDelivery(ports).body).toEqual(body);
  });

  test('is taken on each path of its source', async () => {
    const { ports, call } = await handler();
    expect(await call(eventOf(event, { path: '/moved' }))).toMatchObject({ statusCode: 200 });
    expect(onlyDelivery(ports)).toMatchObject({ source: 'acme', path: '/moved' });
  });

  test('that was damaged by the gateway is refused as mangled', async () => {
    const { ports, reports, call } = await handler();
    const bytes = Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    expect(await call(eventOf(signed({ body: bytes })))).toMatchObject({ statusCode: 400 });
    expect(reports).toMatchObject([{ outcome: 'rejected', reason: 'mangled-body' }]);
    expect(ports.sent).toEqual([]);
  });

  test('is measured by the gateway’s time, not by ours', async () => {
    const provider = signingProvider({
      scheme: {
        kind: 'signature',
        families: [{ signature: { header: 'x-signature', assign: '=' }, timestamp: { header: 'x-time' } }],
        signed: '{body}{timestamp}',
        versions: [{ label: 'sha256', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
        timestamp: { unit: 's', toleranceSeconds: 300 },
      },
    });
    const inlets = [await openInlet(sourceOf(provider))];
    const { reports, call } = await handler({ inlets, now: () => NOW + 86_400_000 });
    const signedAt = (seconds: number) => {
      const { headers } = signed({ body: `{}${seconds}` });
      return eventOf({ body: '{}', headers: { ...headers, 'x-time': String(seconds) } });
    };
    const received = Math.floor((NOW - 20) / 1000);
    expect(await call(signedAt(received - 299))).toMatchObject({ statusCode: 200 });
    expect(await call(signedAt(received - 302))).toMatchObject({ statusCode: 401 });
    expect(reports).toMatchObject([{ outcome: 'accepted' }, { reason: 'stale-timestamp' }]);
  });

  test.each(['TRACE', 'PURGE', 'post'])(
    'of a method that no provider uses is refused: %s',
    async (method) => {
      const { reports, call } = await handler();
      expect(await call(eventOf(event, { method }))).toMatchObject({ statusCode: 405 });
      expect(reports).toMatchObject([{ outcome: 'rejected', reason: 'method-not-allowed' }]);
    },
  );

  test('on a path of no source is none of ours', async () => {
    const { ports, reports, call } = await handler();
    for (const path of ['/', '/acme/', '/ACME', '/__proto__', '/acme/../acme']) {
      expect(await call(eventOf(event, { path }))).toMatchObject({ statusCode: 404, body: '' });
    }
    expect(ports.calls).toEqual([]);
    expect(reports).toEqual([]);
  });
});

describe('a bug', () => {
  const failing = (error: unknown): World => world({ queue: { send: () => Promise.reject(error) } });

  test('becomes a 503 and a report that says where, but not what was being read', async () => {
    const { reports, call } = await handler({
      ports: failing(new TypeError('Unexpected token in "canary"')),
    });
    expect(await call(eventOf(event))).toMatchObject({
      statusCode: 503,
      headers: { 'retry-after': '30' },
      body: '{"reason":"unavailable"}',
    });
    expect(reports).toMatchObject([{ outcome: 'unavailable', source: 'acme', durationMs: 20 }]);
    expect(JSON.stringify(reports)).toMatch(/unexpected TypeError at .*ingest-handler\.test\.ts/);
    expect(JSON.stringify(reports)).not.toContain('canary');
  });

  test.each([['a text'], [undefined], [{ message: 'canary' }]])('may throw anything: %s', async (thrown) => {
    const { reports, call } = await handler({ ports: failing(thrown) });
    expect(await call(eventOf(event))).toMatchObject({ statusCode: 503 });
    expect(reports).toHaveLength(1);
    expect(JSON.stringify(reports)).not.toContain('canary');
  });

  test('in what called us is Lambda’s own error', async () => {
    const { call } = await handler();
    await expect(call({} as APIGatewayProxyEventV2)).resolves.toMatchObject({ statusCode: 404 });
    const broken = { rawPath: '/acme' } as APIGatewayProxyEventV2;
    await expect(call(broken)).rejects.toThrow(TypeError);
  });
});

test('answers 503 shortly before its time is over, rather than be killed, and reports that alone', async () => {
  const queue = Promise.withResolvers<void>();
  const ports = world({ queue: { send: () => queue.promise } });
  const { reports, call } = await handler({ ports });
  const ending = { ...context, getRemainingTimeInMillis: () => 501 };
  expect(await call(eventOf(event), ending)).toMatchObject({ statusCode: 503 });
  // The sandbox lives on, and the queue confirms after all.
  queue.resolve();
  await new Promise(setImmediate);
  expect(ports.sent).toHaveLength(1);
  expect(reports).toMatchObject([{ outcome: 'unavailable', cause: expect.stringContaining('TimeoutError') }]);
});
