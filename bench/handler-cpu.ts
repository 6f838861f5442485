import { createHmac, createSecretKey } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import sources from '../bin/sources.ts';
import { emfLog } from '../lib/aws/emf-log.ts';
import { type IngestHandler, ingestHandler } from '../lib/aws/ingest-handler.ts';
import type { IntakePorts } from '../lib/core/ingest.ts';
import { openInlet } from '../lib/core/inlet.ts';
import type { SigningSecret, SourceSecrets } from '../lib/core/secret.ts';
import { parseSources } from '../lib/core/source.ts';
import { gatewayEvent } from '../lib/local/gateway-event.ts';
import { lambdaContext } from '../lib/local/lambda-context.ts';
import { cpuMicros } from './cpu-micros.ts';
import { type Length, type Measurement, ratio } from './measurement.ts';
import { median } from './median.ts';
import { HMAC_KEYS, HMAC_SOURCES, type HmacSource, SECRETS, signedDelivery } from './signed-delivery.ts';

const SIZES = { '2 KB': 2_000, '100 KB': 100_000, '1 MB': 1_000_000 } as const;

/** The CPU time of the ingest handler around the call to SQS, beside the HMAC that it cannot do without. */
export async function handlerCpu(length: Length): Promise<Measurement> {
  const handler = await silentHandler();
  const rounds = length === 'quick' ? 7 : 21;
  const rows: (readonly string[])[] = [];
  for (const [size, bytes] of Object.entries(SIZES)) {
    for (const source of HMAC_SOURCES) {
      const taken = await besideHmac(handler, source, bytes, { rounds, fast: length === 'quick' });
      const [hmac, all] = [median(taken.hmac), median(taken.handler)];
      rows.push([`${size} from ${source}`, hmac.toFixed(1), all.toFixed(1), ratio(all, hmac)]);
    }
  }
  return {
    title: 'CPU of the handler without its call to SQS (aim: 4 × the HMAC)',
    how: `process.cpuUsage() over many warm events, from the gateway's event to the answer and the lines of the log, which are dropped; HMAC-SHA256 of the same bytes with the key at hand. Medians of ${rounds} rounds, in turn.`,
    columns: ['', 'HMAC µs', 'handler µs', '÷ HMAC'],
    rows,
  };
}

async function besideHmac(
  handler: IngestHandler,
  source: HmacSource,
  bytes: number,
  { rounds, fast }: { readonly rounds: number; readonly fast: boolean },
): Promise<{ readonly hmac: readonly number[]; readonly handler: readonly number[] }> {
  const { event, body } = gatewayCall(source, bytes);
  const context = lambdaContext({ name: 'ingest', timeoutMs: 3_600_000 }, Date.now);
  const answer = await handler(event, context);
  if (answer.statusCode !== 200) throw new Error(`${source} was answered ${JSON.stringify(answer)}`);
  const key = createSecretKey(HMAC_KEYS[source]);
  const runs = Math.max(20, Math.min(3_000, Math.floor((fast ? 1e7 : 4e7) / bytes)));
  const taken = { hmac: [] as number[], handler: [] as number[] };
  // The first rounds warm the compiler up.
  for (let round = -3; round < rounds; round += 1) {
    const hmac = await cpuMicros(runs, () => createHmac('sha256', key).update(body).digest());
    const all = await cpuMicros(runs, () => handler(event, context));
    if (round < 0) continue;
    taken.hmac.push(hmac);
    taken.handler.push(all);
  }
  return taken;
}

/** The handler as it is wired on AWS, with secrets at hand and a queue that confirms at once. */
async function silentHandler(): Promise<IngestHandler> {
  const held = new Map<string, SourceSecrets>(
    HMAC_SOURCES.map((source) => [
      source,
      { signing: [{ secret: SECRETS[source] as SigningSecret, age: 'newest' }] },
    ]),
  );
  const unused = (): never => {
    throw new Error('a small body under a stored secret needs neither bucket nor certificate');
  };
  const ports: IntakePorts = {
    secrets: {
      read: async ({ name }) => held.get(name) ?? { signing: [] },
      refresh: async () => undefined,
    },
    queue: { send: async () => {} },
    objects: { put: unused, get: unused },
    certificates: { read: unused, roots: unused, keySet: unused },
    confirmations: { confirm: unused },
    installer: { install: unused },
  };
  const log = emfLog({ namespace: 'Headgate/bench', now: Date.now, write: () => {} });
  return ingestHandler({
    inlets: await Promise.all(parseSources(sources).map(openInlet)),
    ports,
    publicUrl: 'https://hooks.example.com',
    now: Date.now,
    report: (report) => log([report]),
  });
}

/** As Lambda hands it over: parsed from JSON. */
function gatewayCall(
  source: HmacSource,
  bytes: number,
): { readonly event: APIGatewayProxyEventV2; readonly body: Buffer } {
  const { headers, body } = signedDelivery(source, { event: 1, bytes });
  const event = gatewayEvent(
    {
      method: 'POST',
      path: `/${source}`,
      query: '',
      rawHeaders: Object.entries({ host: 'hooks.example.com', ...headers }).flat(),
      body: Buffer.from(body),
      protocol: 'HTTP/1.1',
      sourceIp: '192.0.2.1',
      port: 443,
      requestId: 'JKJaXmPLvHcESHA=',
      receivedAt: Date.now(),
    },
    `POST /${source}`,
  );
  return { event: JSON.parse(JSON.stringify(event)), body: Buffer.from(body) };
}
