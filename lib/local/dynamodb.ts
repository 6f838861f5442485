import { failed, jsonError } from './aws-error.ts';
import { type CloudAnswer, type CloudService, jsonAnswer } from './cloud-service.ts';
import { DataFolderError, type DataFolderTrouble } from './data-folder-error.ts';
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

/** DynamoDB on LevelDB, in the folder or in memory; single-item writes, no transactions. Throws `DataFolderError`. */
export async function dynamodb(folder: string | undefined): Promise<CloudService> {
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
  try {
    await store.db.open();
  } catch (error) {
    if (folder === undefined) throw error;
    throw new DataFolderError({ folder, trouble: troubleOf(error) }, { cause: error });
  }
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

function troubleOf(error: unknown): DataFolderTrouble {
  const { code, message = '' } = ((error as Error).cause ?? {}) as { code?: string; message?: string };
  if (code === 'LEVEL_LOCKED') return 'in-use';
  return code === 'LEVEL_CORRUPTION' || /No such file/.test(message) ? 'damaged' : 'unusable';
}

function errorAnswer(error: unknown): CloudAnswer {
  const { statusCode, body } = error as Partial<Refusal>;
  if (statusCode !== undefined && body !== undefined) return jsonAnswer(statusCode, body);
  return failed('dynamodb', String(error));
}
