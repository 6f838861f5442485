import { createRequire } from 'node:module';

type Item = Readonly<Record<string, unknown>>;
export type Input = Record<string, unknown>;

/** dynalite's error: an HTTP answer, carried by an exception or a callback. */
export interface Refusal extends Error {
  readonly statusCode: number;
  readonly body: Record<string, unknown>;
}

export interface Level {
  open(): Promise<void>;
  put(key: string, value: unknown): Promise<void>;
  get(key: string): Promise<unknown>;
  iterator(range: { gte: string; lt: string }): AsyncIterable<[string, unknown]>;
}

export interface DynaliteStore {
  readonly db: Level;
  readonly lifecycleManager: { gracefulClose(): Promise<void> };
}

interface Database {
  create(options: {
    path?: string;
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }): DynaliteStore;
  checkConditional(input: Input, item: Item | undefined): Refusal | null | undefined;
}

interface Validations {
  checkTypes(input: Input, types: unknown): Input;
  checkValidations(input: Input, types: unknown, custom: unknown, store: DynaliteStore): void;
}

type Action = (
  store: DynaliteStore,
  input: Input,
  done: (error: Error | null, output?: unknown) => void,
) => void;

export interface Dynalite {
  open(folder: string | undefined): DynaliteStore;
  /** Checks the input and runs the operation. Throws `Refusal` for an AWS error. */
  run(store: DynaliteStore, operation: string, input: Input): Promise<unknown>;
}

/** dynalite without its server, which would need a port of its own. It has no types; these are the parts that we use. */
export function dynaliteParts(): Dynalite {
  const require = createRequire(import.meta.url);
  const database: Database = require('dynalite/db/index.js');
  const validations: Validations = require('dynalite/validations/index.js');
  giveStandingItems(database);
  const instant = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
  return {
    open: (folder) => database.create(folder === undefined ? instant : { ...instant, path: folder }),
    run: (store, operation, raw) => {
      const file = operation.charAt(0).toLowerCase() + operation.slice(1);
      const rules: { types: unknown; custom: unknown } = require(`dynalite/validations/${file}.js`);
      const action: Action = require(`dynalite/actions/${file}.js`);
      const wanted = raw[ON_FAILURE];
      const input = validations.checkTypes(raw, rules.types);
      validations.checkValidations(input, rules.types, rules.custom, store);
      // dynalite does not know the parameter, so its check of types has dropped it.
      if (wanted !== undefined) input[ON_FAILURE] = wanted;
      return new Promise((resolve, reject) => {
        action(store, input, (error, output) => (error ? reject(error) : resolve(output)));
      });
    },
  };
}

const ON_FAILURE = 'ReturnValuesOnConditionCheckFailure';

/** dynalite lacks `Item` on a failed condition: it is the very item that the condition was held against, so nothing comes between. */
function giveStandingItems(database: Database): void {
  const check = database.checkConditional;
  if (check.name === 'checkAndGiveItem') return;
  database.checkConditional = function checkAndGiveItem(input, item) {
    const refusal = check(input, item);
    if (refusal && item !== undefined && input[ON_FAILURE] === 'ALL_OLD') refusal.body.Item = item;
    return refusal;
  };
}
