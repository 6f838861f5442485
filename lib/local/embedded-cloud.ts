import { mkdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { failed, jsonError, throttled } from './aws-error.ts';
import type { AwsCall, AwsService, CloudAnswer, CloudService, Fault } from './cloud-service.ts';
import { DataFolderError } from './data-folder-error.ts';
import { dynamodb } from './dynamodb.ts';
import { type InFlight, openFauxqsStores } from './fauxqs-stores.ts';
import { type LocalServer, startLocalServer } from './local-server.ts';
import { recogniseCall } from './recognise-call.ts';
import { s3 } from './s3.ts';
import type { SecretStore } from './secret-store.ts';
import { secretsManager } from './secrets-manager.ts';
import { sns } from './sns.ts';
import { sqs } from './sqs.ts';

export interface EmbeddedCloudOptions {
  /**
   * Where queues, topics, objects and tables are kept; they survive `kill -9`.
   * @default - everything is in memory and gone at the end
   */
  readonly dataDir?: string;
  /**
   * What becomes of the messages that a killed process had received: `keep` hides them until their visibility timeout ends,
   * as on AWS; `release` gives them again at once, for a cloud whose consumers die with it.
   * @default 'keep'
   */
  readonly inFlight?: InFlight;
  /** @default 0 (picks a free port) */
  readonly port?: number;
  readonly secrets: SecretStore;
  /** Told of each call, before it is answered. */
  readonly onCall?: (call: AwsCall) => void;
  /** Asked for each call whether it goes wrong. */
  readonly fault?: (call: AwsCall) => Fault | undefined;
}

export interface EmbeddedCloud {
  /** For `AWS_ENDPOINT_URL` or a client's `endpoint` (S3 with `forcePathStyle`): `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** Lets calls under way finish, then closes the stores. */
  close(): Promise<void>;
}

/**
 * SQS, SNS, S3, DynamoDB and Secrets Manager in this process, behind one port on 127.0.0.1, for the real AWS clients.
 * Throws `DataFolderError` and `PortInUseError`.
 * @example
 * const cloud = await startEmbeddedCloud({ secrets: memorySecretStore({ github: 's3cret' }, Date.now) });
 * new SQSClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
 */
export async function startEmbeddedCloud(options: EmbeddedCloudOptions): Promise<EmbeddedCloud> {
  const cloud = await openServices(options);
  const closing = new AbortController();
  let server: LocalServer;
  try {
    server = await startLocalServer(options.port ?? 0, (request, response) =>
      serve(request, response, cloud.services, { ...options, closing: closing.signal }),
    );
  } catch (error) {
    await cloud.close();
    throw error;
  }
  const close = async (): Promise<void> => {
    closing.abort();
    await server.close();
    await cloud.close();
  };
  return { endpoint: `http://127.0.0.1:${server.port}`, close };
}

interface OpenServices {
  readonly services: Readonly<Record<AwsService, CloudService>>;
  close(): Promise<void>;
}

async function openServices({
  dataDir,
  inFlight = 'keep',
  secrets,
}: EmbeddedCloudOptions): Promise<OpenServices> {
  const folder = (name: string) => (dataDir === undefined ? undefined : join(dataDir, name));
  const opened: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const closeOne of opened.splice(0).toReversed()) await closeOne();
  };
  try {
    if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
    // First, because its lock is what keeps a second process out.
    const tables = await dynamodb(folder('dynamodb'));
    opened.push(tables.close);
    const stores = await openFauxqsStores(folder('fauxqs'), inFlight);
    opened.push(stores.close);
    const objects = s3(stores);
    opened.push(objects.close);
    const services = {
      sqs: await sqs(stores),
      sns: await sns(stores),
      s3: objects,
      dynamodb: tables,
      secretsmanager: secretsManager(secrets),
    };
    return { services, close };
  } catch (error) {
    await close();
    throw dataDir === undefined ? error : new DataFolderError(dataDir, { cause: error });
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  services: OpenServices['services'],
  options: EmbeddedCloudOptions & { readonly closing: AbortSignal },
): Promise<void> {
  const hungUp = new AbortController();
  response.once('close', () => hungUp.abort());
  const body = await buffer(request);
  // As AWS does; and so no web page can call, for it cannot set this header across origins.
  if (request.headers.authorization?.startsWith('AWS4-') !== true) {
    return send(response, jsonError(403, 'MissingAuthenticationToken', 'The request is not signed.'));
  }
  const call = recogniseCall(request, body);
  const answer = async (): Promise<CloudAnswer> => {
    try {
      return await services[call.service].answer(call.operation, {
        method: request.method ?? 'GET',
        url: request.url ?? '/',
        headers: request.headers,
        body,
        endpoint: `http://${request.headers.host}`,
        waitNoMore: AbortSignal.any([hungUp.signal, options.closing]),
      });
    } catch (error) {
      return failed(call.service, `${call.operation} in the embedded cloud: ${String(error)}`);
    }
  };
  options.onCall?.(call);
  switch (options.fault?.(call)) {
    case 'fail':
      return send(response, failed(call.service, 'Injected fault'));
    case 'throttle':
      return send(response, throttled(call.service));
    case 'lose-answer':
      await answer();
      request.socket.destroy();
      return;
    case undefined:
      return send(response, await answer());
  }
}

function send(response: ServerResponse, { status, headers, body }: CloudAnswer): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { 'content-length': length, ...headers }).end(body);
}
