import type * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Source } from '../core/source.ts';

/** What alarms and dashboard look at. */
export interface ReceiverParts {
  readonly sources: readonly Source[];
  /** Of our own metrics. */
  readonly namespace: string;
  readonly api: apigateway.HttpApi;
  readonly ingestFunction: lambda.IFunction;
  readonly processFunction: lambda.IFunction;
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue: sqs.IQueue;
  readonly topic: sns.ITopic;
}
