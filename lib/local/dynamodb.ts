import { failed, jsonError } from './aws-error.ts';
import { type ClosableService, type CloudAnswer, jsonAnswer } from './cloud-service.ts';
import {
  type Dynalite,
  type DynaliteStore,
  dynaliteParts,
  type Input,
  type Level,
  type Refusal,
} from './dynalite-parts.ts';
import { timeToLive } from './time-to-live.ts';

const OPERATIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
  'UpdateTable',
];

/** DynamoDB on LevelDB, in the folder or in memory; single-item writes, no transactions. Throws what LevelDB throws. */
export async function dynamodb(folder: string | undefined): Promise<ClosableService> {
  const dynalite = dynaliteParts();
  const store = await open(dynalite, folder);
  const ttl = timeToLive(store.db);
  const works = new Map<string, (input: Input) => Promise<unknown>>([
    ...OPERATIONS.map(
      (operation) => [operation, (input: Input) => dynalite.run(store, operation, input)] as const,
    ),
    ['UpdateTimeToLive', ttl.update],
    ['DescribeTimeToLive', ttl.describe],
  ]);
  return {
    answer: async (operation, request) => {
      const work = works.get(operation);
      if (work === undefined) {
        return jsonError(
          400,
          'com.amazon.coral.service#UnknownOperationException',
          `${operation} is not emulated.`,
        );
      }
      try {
        return jsonAnswer(200, await work(JSON.parse(request.body.toString('utf8'))));
      } catch (error) {
        return errorAnswer(error);
      }
    },
    close: () => store.lifecycleManager.gracefulClose(),
  };
}

async function open(dynalite: Dynalite, folder: string | undefined): Promise<DynaliteStore> {
  const store = dynalite.open(folder);
  await store.db.open();
  await finishTables(store.db);
  return store;
}

/** A table whose creation was cut off by a kill would stay CREATING for ever. */
async function finishTables(level: Level): Promise<void> {
  for await (const [key, table] of level.iterator({ gte: 'table~', lt: 'table\x7f' })) {
    const { TableStatus } = table as { readonly TableStatus?: string };
    if (TableStatus === 'CREATING') await level.put(key, { ...(table as object), TableStatus: 'ACTIVE' });
  }
}

function errorAnswer(error: unknown): CloudAnswer {
  const { statusCode, body } = error as Partial<Refusal>;
  if (statusCode !== undefined && body !== undefined) return jsonAnswer(statusCode, body);
  return failed('dynamodb', String(error));
}
