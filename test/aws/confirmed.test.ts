import { describe, expect, test } from 'vitest';
import { confirmed } from '../../lib/aws/confirmed.ts';
import { InfrastructureError } from '../../lib/core/errors.ts';

const failing = (error: unknown): Promise<never> => confirmed('sqs:SendMessage', Promise.reject(error));

/** An error as the AWS clients make them. */
function awsError(name: string, status: number | undefined, message = 'canary', more: object = {}): Error {
  const $metadata = status === undefined ? {} : { httpStatusCode: status, requestId: 'r1' };
  return Object.assign(new Error(message), { name, $metadata, ...more });
}

describe('a call that AWS did not confirm', () => {
  test.each([
    [awsError('ThrottlingException', 400), 'throttled'],
    [awsError('RequestThrottled', 403), 'throttled'],
    [awsError('ProvisionedThroughputExceededException', 400), 'throttled'],
    [awsError('TooManyRequestsException', 429), 'throttled'],
    [awsError('SlowDown', 503), 'throttled'],
    [awsError('Odd', 400, '', { $retryable: { throttling: true } }), 'throttled'],
    [awsError('InternalFailure', 500), 'unavailable'],
    [awsError('ServiceUnavailable', 503), 'unavailable'],
    [awsError('TimeoutError', undefined), 'unavailable'],
    [awsError('ExpiredTokenException', 400), 'unavailable'],
    [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'unavailable'],
    ['a text', 'unavailable'],
    [undefined, 'unavailable'],
    [awsError('AccessDeniedException', 400), 'refused'],
    [awsError('QueueDoesNotExist', 400), 'refused'],
    [awsError('InvalidMessageContents', 400), 'refused'],
  ])('has a nature: %s', async (error, nature) => {
    const told = failing(error);
    await expect(told).rejects.toBeInstanceOf(InfrastructureError);
    await expect(told).rejects.toMatchObject({ call: 'sqs:SendMessage', nature, cause: error });
  });

  test('names the error, the status and the request', async () => {
    await expect(failing(awsError('InternalFailure', 500))).rejects.toThrow(
      'sqs:SendMessage unavailable: InternalFailure, HTTP 500, request r1',
    );
    await expect(failing(awsError('TimeoutError', undefined))).rejects.toThrow('TimeoutError, no answer');
    await expect(failing(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).rejects.toThrow(
      'ECONNRESET',
    );
  });

  test('quotes AWS only on identities and resources, for other messages may hold what was sent', async () => {
    const denied = 'User: arn:aws:iam::1:role/r is not authorized to perform: sqs:SendMessage';
    await expect(failing(awsError('AccessDeniedException', 400, denied))).rejects.toThrow(denied);
    await expect(failing(awsError('InvalidMessageContents', 400, 'canary'))).rejects.not.toThrow('canary');
  });
});

test('passes on what AWS confirmed', async () => {
  expect(await confirmed('sqs:SendMessage', Promise.resolve(7))).toBe(7);
});
