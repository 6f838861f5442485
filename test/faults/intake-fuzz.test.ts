import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { emfLog } from '../../lib/aws/emf-log.ts';
import { ingestHandler } from '../../lib/aws/ingest-handler.ts';
import { decodeDelivery } from '../../lib/core/delivery.ts';
import { type Inlet, openInlet } from '../../lib/core/inlet.ts';
import type { Certificates } from '../../lib/core/ports.ts';
import type { Provider, Scheme } from '../../lib/core/provider.ts';
import type { RejectionReason } from '../../lib/core/rejection.ts';
import type { Report } from '../../lib/core/report.ts';
import { METHODS, type Request } from '../../lib/core/request.ts';
import { secretParameters, sign, signingKeyPair, singleSchemes, tokenPaths } from '../../lib/core/scheme.ts';
import type { SignedParts } from '../../lib/core/step.ts';
import { loadSteps } from '../../lib/core/steps/load-steps.ts';
import { lambdaContext } from '../../lib/local/lambda-context.ts';
import { localCertificates } from '../../lib/local/local-certificates.ts';
import { memorySecretStore } from '../../lib/local/secret-store.ts';
import { providers } from '../../lib/providers/index.ts';
import { sourceOf } from '../core/intake-cases.ts';
import { noCertificates, secretsOf, type World, world } from '../core/intake-world.ts';

const NOW = Date.UTC(2026, 10, 24, 10);
const CANARY = 'CANARY-IN-A-REQUEST';
const RUNS = 400;

interface Target {
  readonly provider: Provider;
  readonly inlet: Inlet;
  readonly keys: { readonly secret: string; readonly signer: string };
  /** Configured as well, and signs nothing here. */
  readonly olderSecret: string;
}

let targets: ReadonlyMap<string, Target>;
beforeAll(async () => {
  const opened = providers.map(async (provider) => {
    const inlet = await openInlet(sourceOf(provider));
    const [keys, older] = [signingKeyPair(provider.scheme), signingKeyPair(provider.scheme)];
    return [provider.name, { provider, inlet, keys, olderSecret: older.secret }] as const;
  });
  targets = new Map(await Promise.all(opened));
});
const names = providers.map(({ name }) => name);

interface Taken {
  readonly result: APIGatewayProxyStructuredResultV2;
  readonly reports: readonly Report[];
  readonly ports: World;
  /** All that is written to the log. */
  readonly log: string;
}

/** The handler, its ports in memory, its log as on AWS. */
async function take(target: Target, event: APIGatewayProxyEventV2): Promise<Taken> {
  const secrets = secretsOf(target.keys.secret, target.olderSecret);
  const ports = world({
    secrets: { read: async () => secrets, refresh: async () => secrets },
    certificates: certificatesOf(target),
  });
  const lines: string[] = [];
  const reports: Report[] = [];
  const write = emfLog({ namespace: 'Headgate/Test', now: () => NOW, write: (line) => lines.push(line) });
  const handle = ingestHandler({
    inlets: [target.inlet],
    ports,
    publicUrl: 'https://hooks.example.com',
    now: () => NOW,
    report: (report) => {
      reports.push(report);
      write([report]);
    },
  });
  const result = await handle(
    event,
    lambdaContext({ name: 'ingest', timeoutMs: 10_000 }, () => NOW),
  );
  return { result, reports, ports, log: lines.join('\n') };
}

/** The signer's own certificate and no other, for the provider whose keys come as certificates. */
function certificatesOf({ provider: { name }, keys }: Target): Certificates {
  const { signer } = keys;
  const store = memorySecretStore({ [name]: JSON.stringify({ signing: [keys.secret], signer }) }, () => NOW);
  return localCertificates(store, [name], { ...noCertificates, roots: async () => [] });
}

/** What the generated requests meet at least. A step may look for other things first, but never only for one. */
function expectLooks({ provider: { scheme } }: Target, reasons: ReadonlySet<unknown>): void {
  expect([...reasons]).toEqual(expect.arrayContaining(['method-not-allowed', ...looksOf(scheme)]));
  expect(reasons.size).toBeGreaterThan(1);
}

function looksOf(scheme: Scheme): readonly RejectionReason[] {
  if (scheme.kind === 'step') return [];
  // Any text may be a token; what is generated has the parameter's name at most, and nothing at a path of the body.
  if (scheme.kind === 'token' && 'query' in scheme) return ['missing-signature'];
  if (scheme.kind === 'token' && 'body' in scheme) return ['malformed-signature'];
  const bare = scheme.kind === 'token' && !('prefix' in scheme);
  return ['missing-signature', bare ? 'wrong-signature' : 'malformed-signature'];
}

/** Nothing that is generated holds what such a proof is put into: the contract suite and the provider's own tests change genuine ones. */
async function hasProofInBody({ scheme }: Provider): Promise<boolean> {
  const single = singleSchemes(scheme);
  const step = single.find(({ kind }) => kind === 'step');
  const { covers, secretPaths } =
    (step && (await loadSteps({ ...(providers[0] as Provider), scheme: step })).scheme) ?? {};
  const timed = single.some(
    (one) =>
      one.kind === 'signature' && one.families.some(({ timestamp }) => timestamp && 'body' in timestamp),
  );
  const carried = [...tokenPaths(scheme), ...(secretPaths ?? [])];
  return timed || carried.length > 0 || (covers !== undefined && typeof covers.body !== 'string');
}

const signable: string[] = [];
for (const provider of providers) if (!(await hasProofInBody(provider))) signable.push(provider.name);

function targetOf(name: string): Target {
  const target = targets.get(name);
  if (target === undefined) throw new Error(`no provider ${name}`);
  return target;
}

function headersIn(value: unknown): readonly string[] {
  const found = JSON.stringify(value).matchAll(/"header":"([^"]+)"|\{header:([^{}?]+)/g);
  return [...new Set([...found].map((match) => match[1] ?? match[2] ?? ''))];
}

/** Headers that each scheme, step or handshake looks at, and some that nobody should. */
const HEADERS = [
  ...headersIn(providers),
  'authorization',
  'content-type',
  'content-length',
  'content-encoding',
  'host',
  '__proto__',
  'constructor',
  'x-hub-signature',
  'x-twilio-signature',
];

const nested = (depth: number, open: string, close: string, core: string): string =>
  open.repeat(depth) + core + close.repeat(depth);

const bodyText = fc.oneof(
  fc.constantFrom(
    '',
    'null',
    '"',
    '[]',
    '{}',
    nested(20_000, '[', ']', '1'),
    nested(20_000, '{"a":', '}', '1'),
    '['.repeat(20_000),
    nested(20_000, '[{"type":', '}]', '"url_verification"'),
    '{"__proto__":{"type":"url_verification","challenge":"x"},"constructor":{"prototype":1}}',
    '{"type":"url_verification","challenge":"x"}',
    '{"type":1}',
    '{"type":0,"event":{}}',
    '{"id":1e999,"type":-0,"created":99999999999999999999}',
    '"\ufffe\uffff\u0000"',
    '\ufeff{}',
    'ssl_check=1',
    'ssl_check=1&payload=%7B%22type%22%3A%22x%22%7D',
    'payload=%',
    'payload=%E0%A4%A&payload=%ff',
    '&=&&a=b=c&%=%',
    'a=1&'.repeat(5_000),
    '\ud800',
  ),
  fc.json(),
  fc.string({ unit: 'binary' }),
);

const body: fc.Arbitrary<Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>> = fc.oneof(
  bodyText.map((text) => ({ body: text, isBase64Encoded: false })),
  bodyText.map((text) => ({ body: Buffer.from(text).toString('base64'), isBase64Encoded: true })),
  fc
    .uint8Array({ maxLength: 300 })
    .map((bytes) => ({ body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true })),
  fc.string().map((text) => ({ body: text, isBase64Encoded: true })),
  fc.constant({ isBase64Encoded: false }),
);

const headerValue = fc.oneof(
  fc.constantFrom(
    '',
    ',',
    '=',
    'sha256=',
    `sha256=${'0'.repeat(64)}`,
    `t=${NOW / 1000},v1=${'0'.repeat(64)}`,
    't=NaN,v1=00',
    `t=${NOW / 1000},t=0,v1=${'0'.repeat(64)},v0=1`,
    `v1,${Buffer.alloc(32).toString('base64')} v1a,${Buffer.alloc(64).toString('base64')}`,
    `v0=${'0'.repeat(64)}`,
    '0'.repeat(128),
    String(NOW / 1000),
    '-1',
    'NaN',
    '1e3',
    'Basic',
    'Basic Og==',
    'Bearer ',
    'application/json',
    'application/json; charset=utf-16',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'x'.repeat(10_000),
    '{header:x}',
    '\u0000\ufffe',
  ),
  fc.string({ unit: 'binary' }),
  fc.base64String(),
  fc.stringMatching(/^[0-9a-f]{0,128}$/),
);

/** Half of them are the provider's own: among those of all they would be too rare. */
function headersFor({ provider }: Target): fc.Arbitrary<Record<string, string>> {
  const name = fc.oneof(
    fc.constantFrom(...HEADERS),
    fc.constantFrom('content-type', 'authorization', ...headersIn(provider)),
  );
  return fc.array(fc.tuple(name, headerValue), { maxLength: 12 }).map((pairs) => Object.fromEntries(pairs));
}

/** One for each provider whose secret lies in the URL. */
const TOKENS = providers.flatMap(({ scheme }) => secretParameters(scheme).map((name) => `${name}=x`));

const query = fc.oneof(
  fc.constantFrom(...TOKENS, '', 'bodySHA256=', `bodySHA256=${'0'.repeat(64)}`, 'a=%', '&&', 'challenge=x'),
  fc.string(),
);

function eventOf(
  name: string,
  parts: Partial<APIGatewayProxyEventV2> & { readonly method?: string },
): APIGatewayProxyEventV2 {
  const { method = 'POST', ...rest } = parts;
  const http = { method, path: `/${name}`, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' };
  return {
    version: '2.0',
    routeKey: `${method} /${name}`,
    rawPath: `/${name}`,
    rawQueryString: '',
    headers: {},
    isBase64Encoded: false,
    requestContext: {
      accountId: '1',
      apiId: 'a',
      domainName: 'hooks.example.com',
      domainPrefix: 'hooks',
      http,
      requestId: 'r1',
      routeKey: '',
      stage: '$default',
      time: '',
      timeEpoch: NOW,
    },
    ...rest,
  };
}

function expectSafeLog({ log, reports }: Taken, { keys }: Target): void {
  expect(reports).toHaveLength(1);
  expect(log).not.toContain(CANARY);
  expect(log).not.toContain(keys.secret);
  expect(log).not.toContain(keys.signer);
}

describe.each(names)('%s', (name) => {
  test('never takes what is not signed, never fails on it, and logs nothing of it', async () => {
    const target = targetOf(name);
    const reasons = new Set<unknown>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...METHODS, 'POST', 'POST', 'POST', 'TRACE'),
        body,
        headersFor(targetOf(name)),
        query,
        async (method, sentBody, sentHeaders, rawQueryString) => {
          const event = eventOf(name, { method, ...sentBody, headers: sentHeaders, rawQueryString });
          const taken = await take(target, event);
          expect(taken.result.statusCode).toBeLessThan(500);
          expect([404, 406, 410]).not.toContain(taken.result.statusCode);
          expect(taken.ports.calls.filter((call) => call === 'send' || call === 'put')).toEqual([]);
          const [report] = taken.reports;
          expect(report?.outcome).toMatch(/^(rejected|handshake)$/);
          if (report?.outcome === 'rejected') reasons.add(report.reason);
          expectSafeLog(taken, target);
        },
      ),
      { numRuns: RUNS },
    );
    // Not all of them stopped at the first look.
    expectLooks(target, reasons);
  });

  test('logs nothing of what is all canaries, forged or signed', async () => {
    const target = targetOf(name);
    const canaries = Object.fromEntries(HEADERS.map((header) => [header, CANARY]));
    for (const type of ['application/json', 'application/x-www-form-urlencoded', CANARY]) {
      const event = eventOf(name, {
        body: JSON.stringify({ type: CANARY, id: CANARY, challenge: CANARY, [CANARY]: CANARY }),
        headers: { ...canaries, 'content-type': type },
        rawQueryString: `${CANARY}=${CANARY}`,
      });
      expectSafeLog(await take(target, event), target);
      const genuine = signedEvent(target, event);
      if (genuine !== undefined) expectSafeLog(await take(target, genuine), target);
    }
  });
});

describe.each(signable)('%s, signed', (name) => {
  test('never fails on what is signed, whatever it is; and what is accepted is queued byte for byte', async () => {
    const target = targetOf(name);
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(body, headersFor(target), async (sentBody, sentHeaders) => {
        const event = signedEvent(target, eventOf(name, { ...sentBody, headers: sentHeaders }));
        fc.pre(event !== undefined);
        const taken = await take(target, event);
        expect(taken.result.statusCode).toBeLessThan(500);
        expectSafeLog(taken, target);
        if (taken.reports[0]?.outcome !== 'accepted') {
          expect(taken.ports.sent).toEqual([]);
          return;
        }
        accepted += 1;
        const decoded = taken.ports.sent[0] && decodeDelivery(taken.ports.sent[0]);
        const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
        expect(decoded).toMatchObject({ kind: 'delivery', delivery: { source: name, body: bytes } });
        expect(JSON.stringify(taken.ports.sent)).not.toContain(target.keys.secret);
      }),
      { numRuns: RUNS },
    );
    expect(accepted).toBeGreaterThan(RUNS / 10);
  });
});

/** The event with the provider's proof on top; undefined for what the provider would never sign. */
function signedEvent(
  { provider, inlet, keys }: Target,
  event: APIGatewayProxyEventV2,
): APIGatewayProxyEventV2 | undefined {
  const sent = Object.entries(event.headers).filter(([header]) => !PROOFS.has(header));
  const request: Request = {
    method: 'POST',
    path: event.rawPath,
    query: event.rawQueryString,
    headers: Object.fromEntries(sent) as Request['headers'],
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    receivedAt: NOW,
  };
  const signature = signOrNothing({
    request,
    url: `https://hooks.example.com${request.path}`,
    scheme: provider.scheme,
    secret: keys.signer,
    id: 'msg_1',
    timestamp: NOW,
    steps: inlet.steps,
  });
  if (signature === undefined) return undefined;
  return {
    ...event,
    headers: { ...request.headers, ...signature.headers },
    rawQueryString: signature.query ?? event.rawQueryString,
  };
}

function signOrNothing(input: Parameters<typeof sign>[0]): SignedParts | undefined {
  try {
    return sign(input);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Headers by which a scheme finds its proof: a second family would take precedence. */
const PROOFS = new Set(
  [...JSON.stringify(providers.map(({ scheme }) => scheme)).matchAll(/"(?:header|id)":"([^"]+)"/g)].map(
    ([, header = '']) => header,
  ),
);
