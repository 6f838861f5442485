import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe } from 'vitest';
import { dynamodbLedger } from '../../lib/aws/dynamodb-ledger.ts';
import { ledgerContract } from '../contracts/ledger-contract.ts';
import type { Attempt } from './worst-day/call-fates.ts';
import { simulatedTable } from './worst-day/simulated-dynamodb.ts';
import { openStage } from './worst-day/stage.ts';

describe('the simulated table behind the real adapter', () => {
  const table = simulatedTable(openStage({ seed: 1, only: new Set() }), 'ledger');
  const client = {
    send: async (command: { readonly input: unknown }) =>
      table.answer(command.constructor.name.replace(/Command$/, ''), command.input, {} as Attempt),
  } as unknown as DynamoDBClient;
  ledgerContract(() => dynamodbLedger({ client, table: 'ledger', pause: async () => {} }));
});
