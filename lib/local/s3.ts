import { s3Error } from './aws-error.ts';
import type { ClosableService, CloudRequest } from './cloud-service.ts';
import type { S3Store } from './fauxqs-parts.ts';
import type { FauxqsStores } from './fauxqs-stores.ts';

/** S3 over the stores, path style only. fauxqs's server, and fastify with it, is loaded with the first call. */
export function s3({ sqs, sns, s3 }: FauxqsStores): ClosableService {
  const load = async () => {
    const { buildApp } = await import('fauxqs');
    return buildApp({ logger: false, stores: { sqsStore: sqs, snsStore: sns, s3Store: s3 } });
  };
  let app: ReturnType<typeof load> | undefined;
  return {
    answer: async (operation, request) => {
      if (operation === 'PutObject' && request.headers['if-none-match'] === '*' && exists(s3, request)) {
        return s3Error(
          412,
          'PreconditionFailed',
          'At least one of the pre-conditions you specified did not hold',
        );
      }
      app ??= load();
      const answer = await (await app).inject({
        method: request.method as 'GET',
        url: request.url,
        headers: request.headers,
        payload: request.body,
      });
      return { status: answer.statusCode, headers: endToEnd(answer.headers), body: answer.rawPayload };
    },
    close: async () => (await app)?.close(),
  };
}

/** fauxqs ignores `IfNoneMatch` of a PutObject. */
function exists(store: S3Store, request: CloudRequest): boolean {
  const [, bucket = '', ...key] = new URL(request.url, request.endpoint).pathname.split('/');
  try {
    store.headObject(bucket, decodeURIComponent(key.join('/')));
    return true;
  } catch {
    // No such key, or no such bucket, of which PutObject itself will tell.
    return false;
  }
}

/** Headers of the answer without those that belong to a connection which never was. */
function endToEnd(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => value !== undefined && name !== 'connection' && name !== 'transfer-encoding')
      .map(([name, value]) => [name, String(value)]),
  );
}
