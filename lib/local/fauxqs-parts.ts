import type { CloudRequest } from './cloud-service.ts';

/**
 * fauxqs's own server either listens on all interfaces or forgets everything at its end, and its package exports nothing
 * else. So the parts are imported by file URL, and the version is pinned.
 */
interface Parts {
  readonly 'persistence.js': typeof import('../../node_modules/fauxqs/dist/persistence.js');
  readonly 'sqs/sqsStore.js': typeof import('../../node_modules/fauxqs/dist/sqs/sqsStore.js');
  readonly 'sqs/sqsTypes.js': typeof import('../../node_modules/fauxqs/dist/sqs/sqsTypes.js');
  readonly 'sns/snsStore.js': typeof import('../../node_modules/fauxqs/dist/sns/snsStore.js');
  readonly 's3/s3Store.js': typeof import('../../node_modules/fauxqs/dist/s3/s3Store.js');
  readonly 'common/errors.js': typeof import('../../node_modules/fauxqs/dist/common/errors.js');
}

export type SqsStore = InstanceType<Parts['sqs/sqsStore.js']['SqsStore']>;
export type SqsQueue = InstanceType<Parts['sqs/sqsStore.js']['SqsQueue']>;
export type SqsMessage = Parameters<SqsQueue['enqueue']>[0];
export type SnsStore = InstanceType<Parts['sns/snsStore.js']['SnsStore']>;
export type S3Store = InstanceType<Parts['s3/s3Store.js']['S3Store']>;
export type PersistenceManager = InstanceType<Parts['persistence.js']['PersistenceManager']>;

export async function fauxqsPart<Name extends keyof Parts>(name: Name): Promise<Parts[Name]> {
  return (await importPart(name)) as Parts[Name];
}

/** One action each of SQS or SNS: takes the parsed input, gives the output, throws fauxqs's error. */
export type Action<Stores extends readonly unknown[]> = (
  input: Readonly<Record<string, unknown>>,
  ...rest: [...Stores, ReturnType<typeof fauxqsHeaders>]
) => unknown;

/** What the actions read of a request: the host for queue URLs, the signature for the region. */
export function fauxqsHeaders({ headers }: Pick<CloudRequest, 'headers'>): {
  readonly headers: { readonly host: string | undefined; readonly authorization: string | undefined };
} {
  return { headers: { host: headers.host, authorization: headers.authorization } };
}

/** Actions that do not lie in a file of their own name. */
const FILES: Readonly<Record<string, string>> = {
  PublishBatch: 'publish',
  ListSubscriptionsByTopic: 'listSubscriptions',
};

/** The actions of these operations, by operation name. */
export async function fauxqsActions<Stores extends readonly unknown[]>(
  service: 'sqs' | 'sns',
  operations: readonly string[],
): Promise<ReadonlyMap<string, Action<Stores>>> {
  const load = async (operation: string): Promise<[string, Action<Stores>]> => {
    const name = operation.charAt(0).toLowerCase() + operation.slice(1);
    const path = `${service}/actions/${FILES[operation] ?? name}.js`;
    const action = ((await importPart(path)) as Record<string, Action<Stores>>)[name];
    if (action === undefined) throw new Error(`fauxqs has no ${name} in ${path}`);
    return [operation, action];
  };
  return new Map(await Promise.all(operations.map(load)));
}

async function importPart(path: string): Promise<unknown> {
  return import(new URL(path, import.meta.resolve('fauxqs')).href);
}
