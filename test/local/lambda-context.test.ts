import { expect, test } from 'vitest';
import { lambdaContext } from '../../lib/local/lambda-context.ts';

test('counts down from the timeout of the function and stops at 0', () => {
  let now = 1_000;
  const context = lambdaContext({ name: 'process', timeoutMs: 500 }, () => now);
  expect(context.getRemainingTimeInMillis()).toBe(500);
  now = 1_499;
  expect(context.getRemainingTimeInMillis()).toBe(1);
  now = 2_000;
  expect(context.getRemainingTimeInMillis()).toBe(0);
});

test('names the function and gives each invocation an id of its own', () => {
  const lambda = { name: 'ingest', timeoutMs: 1, memoryMb: 256 };
  const [first, second] = [lambdaContext(lambda, () => 0), lambdaContext(lambda, () => 0)];
  expect(first).toMatchObject({
    functionName: 'ingest',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:ingest',
    memoryLimitInMB: '256',
    logGroupName: '/aws/lambda/ingest',
  });
  expect(first.awsRequestId).not.toBe(second.awsRequestId);
});

test('refuses the callbacks of old, which nobody would hear', () => {
  const context = lambdaContext({ name: 'ingest', timeoutMs: 1 }, () => 0);
  expect(() => context.succeed('x')).toThrow(/Return a promise/);
});
