import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ENVIRONMENT, OBJECT_PREFIX, type Resources } from '../core/resources.ts';
import { BundledFunction, ENCRYPT, type FunctionSettings } from './bundled-function.ts';
import { secretArnForPolicy, secretArns } from './source-secrets.ts';

export interface IngestFunctionProps extends FunctionSettings {
  readonly limits: Resources['functions']['ingest'];
  readonly reservedConcurrency: number | undefined;
  readonly publicUrl: string;
  readonly queue: sqs.IQueue;
  readonly bucket: s3.IBucket;
  readonly secrets: ReadonlyMap<string, secretsmanager.ISecret>;
}

/**
 * The function behind the API. It may write to the queue and to two places of the bucket, and read its sources' secrets; of a source in
 * set-up also store the first one.
 */
export function ingestFunction(scope: Construct, id: string, props: IngestFunctionProps): lambda.Function {
  const { queue, bucket, secrets } = props;
  const ingest = new BundledFunction(scope, id, {
    ...props,
    ...props.limits,
    bundle: 'ingest',
    loops: 'stopped',
    description: 'Headgate: verifies webhooks and puts them on the queue',
    environment: {
      [ENVIRONMENT.queueUrl]: queue.queueUrl,
      [ENVIRONMENT.bucket]: bucket.bucketName,
      [ENVIRONMENT.publicUrl]: props.publicUrl,
      [ENVIRONMENT.secrets]: secretArns(scope, secrets),
    },
  });
  ingest.allow(['sqs:SendMessage'], [queue.queueArn]);
  ingest.allowKey('sqs', ENCRYPT, queue.encryptionMasterKey);
  ingest.allowObjects('s3:PutObject', bucket, OBJECT_PREFIX.bodies);
  ingest.allowObjects('s3:PutObject', bucket, OBJECT_PREFIX.spill);
  ingest.allowSecrets(secrets.values());
  for (const secret of installable(props)) {
    ingest.allow(
      ['secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'],
      [secretArnForPolicy(secret)],
    );
    ingest.allowKey('secretsmanager', ['kms:GenerateDataKey'], secret.encryptionKey);
  }
  return ingest.function;
}

/** The secrets of the sources in set-up. */
function installable({ sources, secrets }: IngestFunctionProps): readonly secretsmanager.ISecret[] {
  const inSetup = sources.filter(({ setup }) => setup === 'install-secret');
  return inSetup.flatMap(({ name }) => secrets.get(name) ?? []);
}
