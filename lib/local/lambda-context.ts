import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';

export interface LambdaFunction {
  /** `process`; the log group and the ARN follow from it. */
  readonly name: string;
  /** After which AWS would have ended the invocation. */
  readonly timeoutMs: number;
  /** @default 512 */
  readonly memoryMb?: number;
}

/**
 * The context of an invocation that begins now: `getRemainingTimeInMillis` counts down from the function's timeout.
 * @param now epoch ms
 * @example lambdaContext({ name: 'process', timeoutMs: 60_000 }, Date.now).getRemainingTimeInMillis() // 60000
 */
export function lambdaContext(lambda: LambdaFunction, now: () => number): Context {
  const deadline = now() + lambda.timeoutMs;
  const awsRequestId = randomUUID();
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: lambda.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${lambda.name}`,
    memoryLimitInMB: String(lambda.memoryMb ?? 512),
    awsRequestId,
    logGroupName: `/aws/lambda/${lambda.name}`,
    logStreamName: `local/[$LATEST]${awsRequestId.replaceAll('-', '')}`,
    getRemainingTimeInMillis: () => Math.max(0, deadline - now()),
    // Left over from Node 0.10; nobody may call them.
    done: unsupported,
    fail: unsupported,
    succeed: unsupported,
  };
}

function unsupported(): never {
  throw new Error('Return a promise: context.done, fail and succeed are not supported.');
}
