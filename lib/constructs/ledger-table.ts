import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ConfigurationError } from '../core/errors.ts';
import type { Resources } from '../core/resources.ts';
import { given } from './given.ts';

export interface LedgerTableProps {
  readonly keys: Resources['table'];
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey: kms.IKey | undefined;
  /** The user's own. */
  readonly table: dynamodb.ITable | undefined;
}

/** Who has claimed and published which event, and each subject's newest state. */
export class LedgerTable extends Construct {
  readonly table: dynamodb.ITable;

  constructor(scope: Construct, id: string, props: LedgerTableProps) {
    super(scope, id);
    if (props.table !== undefined) checkOwnTable(props.table, props.keys);
    this.table = props.table ?? this.create(props);
  }

  private create({ keys, removalPolicy, encryptionKey }: LedgerTableProps): dynamodb.ITable {
    const table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: keys.partitionKey, type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: keys.expiry,
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy,
      // Without the ledger every event that comes again is published again, so a table that is to be retained
      // is also safe from a hand on the console. One that may go with its stack must be free to go.
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
      encryption:
        encryptionKey === undefined
          ? dynamodb.TableEncryption.DEFAULT
          : dynamodb.TableEncryption.CUSTOMER_MANAGED,
      ...given({ encryptionKey }),
    });
    return table as dynamodb.ITable;
  }
}

/** An imported table shows neither its key nor its expiry; one of this app is checked. */
function checkOwnTable(table: dynamodb.ITable, { partitionKey, expiry }: Resources['table']): void {
  const resource = table.node.defaultChild;
  if (!(resource instanceof dynamodb.CfnTable || resource instanceof dynamodb.CfnGlobalTable)) return;
  const { keySchema, timeToLiveSpecification, attributeDefinitions } = table.stack.resolve({
    keySchema: resource.keySchema,
    timeToLiveSpecification: resource.timeToLiveSpecification,
    attributeDefinitions: resource.attributeDefinitions,
  });
  const keys = (keySchema as dynamodb.CfnTable.KeySchemaProperty[]).map(({ attributeName }) => attributeName);
  const types = attributeDefinitions as dynamodb.CfnTable.AttributeDefinitionProperty[];
  const type = types.find(({ attributeName }) => attributeName === partitionKey)?.attributeType;
  if (keys.length !== 1 || keys[0] !== partitionKey || type !== 'S') {
    throw new ConfigurationError(
      `${table.node.path} has the key (${keys.join(', ')}): the ledger needs a partition key "${partitionKey}" of type string, and no sort key.`,
    );
  }
  if (timeToLiveSpecification?.attributeName !== expiry || timeToLiveSpecification.enabled !== true) {
    throw new ConfigurationError(
      `${table.node.path} does not expire rows by "${expiry}": set timeToLiveAttribute: '${expiry}', or the table grows forever.`,
    );
  }
}
