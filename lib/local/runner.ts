import { SQSClient } from '@aws-sdk/client-sqs';
import type { IngestHandler } from '../aws/ingest-handler.ts';
import { openInlet } from '../core/inlet.ts';
import type { Report } from '../core/report.ts';
import { type Resources, resources, routes } from '../core/resources.ts';
import type { Source } from '../core/source.ts';
import { type CreatedResources, createResources } from './create-resources.ts';
import { startEmbeddedCloud } from './embedded-cloud.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { lambdaContext } from './lambda-context.ts';
import { type LocalConnection, localConnection } from './local-connection.ts';
import { type Outbox, startOutbox } from './outbox.ts';
import { openOutboxFile } from './outbox-file.ts';
import { startQueuePoller } from './queue-poller.ts';
import { type RunnerFunctions, runnerFunctions } from './runner-functions.ts';
import { receiverSecrets } from './runner-secrets.ts';
import type { SecretStore } from './secret-store.ts';
import { subscribeQueue } from './subscribe-queue.ts';

/** What of the runner failed: a function, or the subscriber that fills the outbox. */
export type RunnerPart = 'ingest' | 'process' | 'outbox';

export interface RunnerOptions {
  readonly sources: readonly Source[];
  readonly secrets: SecretStore;
  /** Where the embedded cloud keeps its state; it survives `kill -9`. */
  readonly cloudDir: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** What providers call when that is not the local address, without a slash at the end. */
  readonly publicUrl?: string;
  readonly topic: 'standard' | 'fifo';
  /** The file that gets every published CloudEvent as one line. */
  readonly outbox: string;
  readonly report: (report: Report) => void;
  /** Told of what broke; nothing is lost by it. */
  readonly onFailure: (error: unknown, part: RunnerPart) => void;
}

export interface Runner {
  /** `http://127.0.0.1:8787` */
  readonly url: string;
  /** What providers call: the same, unless another was given. */
  readonly publicUrl: string;
  /** Lets what is under way finish. What waits on the queues goes on at the next start. */
  close(): Promise<void>;
}

/**
 * The receiver on this machine: the functions of the stack behind a gateway, a queue and a topic, all on 127.0.0.1.
 * @throws {DataFolderError | PortInUseError | OutboxFileError}
 * @example const { url, close } = await startRunner({ sources, secrets, cloudDir: '.headgate/cloud', port: 0, … })
 */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
  const closers: Closer[] = [];
  /** Last opened, first closed. */
  const close = async (): Promise<void> => {
    for (const one of closers.toReversed()) await one();
  };
  try {
    return { ...(await open(options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Closer = () => void | Promise<void>;

/** One process does the work of all: more at once would not be faster, only each call slower, until it takes longer than AWS may. */
const INVOCATIONS_AT_ONCE = 2;

async function open(options: RunnerOptions, closers: Closer[]): Promise<Omit<Runner, 'close'>> {
  const secrets = receiverSecrets(options.secrets);
  // Whoever had received something died with the cloud.
  const cloud = await startEmbeddedCloud({ dataDir: options.cloudDir, secrets, inFlight: 'release' });
  closers.push(cloud.close);
  const connection = localConnection(cloud.endpoint);
  const wanted = resources({ fifo: options.topic === 'fifo' });
  const created = await createResources(connection, wanted);
  const functions = runnerFunctions({
    connection,
    created,
    inlets: await Promise.all(options.sources.map(openInlet)),
    secrets: options.secrets,
    report: (reports) => reports.forEach(options.report),
  });
  closers.push(functions.close);
  // Its receives wait for up to 20 s, so it has the SDK's own timeouts.
  const receiving = new SQSClient(connection);
  closers.push(() => receiving.destroy());
  const outbox = await openOutbox(options, { connection, created, receiving });
  closers.push(outbox.stop);
  const { timeoutSeconds, memoryMb, batchSize, concurrency } = wanted.functions.process;
  const poller = startQueuePoller({
    client: receiving,
    queueUrl: created.queue.url,
    queueArn: created.queue.arn,
    handler: functions.process,
    lambda: { name: 'process', timeoutMs: timeoutSeconds * 1000, memoryMb },
    batchSize,
    maximumConcurrency: Math.min(concurrency, INVOCATIONS_AT_ONCE),
    onFailure: (error) => options.onFailure(error, 'process'),
  });
  closers.push(poller.stop);
  const gateway = await openGateway(options, functions, wanted);
  closers.push(gateway.close);
  return { url: gateway.url, publicUrl: options.publicUrl ?? gateway.url };
}

async function openOutbox(
  options: RunnerOptions,
  cloud: {
    readonly connection: LocalConnection;
    readonly created: CreatedResources;
    readonly receiving: SQSClient;
  },
): Promise<Outbox> {
  const queue = await subscribeQueue(cloud.connection, {
    topicArn: cloud.created.topicArn,
    queueName: 'headgate-outbox',
    delivery: 'message',
  });
  return startOutbox({
    client: cloud.receiving,
    queueUrl: queue.url,
    file: openOutboxFile(options.outbox),
    onFailure: (error) => options.onFailure(error, 'outbox'),
  });
}

/** The gateway's own address is the function's public URL, so the function is there only once that is known. */
async function openGateway(
  options: RunnerOptions,
  functions: RunnerFunctions,
  { functions: { ingest } }: Resources,
): Promise<Gateway> {
  const lambda = { name: 'ingest', timeoutMs: ingest.timeoutSeconds * 1000, memoryMb: ingest.memoryMb };
  const handler = Promise.withResolvers<IngestHandler>();
  const gateway = await startGateway({
    port: options.port,
    routes: routes(options.sources),
    invoke: async (event) => (await handler.promise)(event, lambdaContext(lambda, Date.now)),
    now: Date.now,
    onFailure: (error) => options.onFailure(error, 'ingest'),
  });
  handler.resolve(functions.ingest({ publicUrl: options.publicUrl ?? gateway.url }));
  return gateway;
}
