import { ConfigurationError, InfrastructureError } from '../core/errors.ts';

/**
 * Waits for AWS's word; whatever goes wrong becomes an `InfrastructureError` of the port.
 * @param call service and operation: `sqs:SendMessage`.
 * @throws {InfrastructureError}
 * @example await confirmed('sqs:SendMessage', client.send(new SendMessageCommand(input)))
 */
export async function confirmed<T>(call: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    // What was understood of an answer on the way has its error already.
    if (error instanceof InfrastructureError || error instanceof ConfigurationError) throw error;
    throw toInfrastructureError(call, error);
  }
}

function toInfrastructureError(call: string, error: unknown): InfrastructureError {
  const failure = readFailure(error);
  return new InfrastructureError(call, nature(failure), { cause: error, explanation: explanation(failure) });
}

/** What the AWS clients put on their errors; each may be missing. */
interface Failure {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly throttling: boolean;
}

function readFailure(error: unknown): Failure {
  const { name, message, code, $metadata, $retryable } = (error ?? {}) as {
    readonly name?: unknown;
    readonly message?: unknown;
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
    readonly $retryable?: { readonly throttling?: boolean };
  };
  return {
    name: typeof name === 'string' && name !== 'Error' ? name : String(code ?? 'Error'),
    message: String(message ?? ''),
    status: $metadata?.httpStatusCode,
    requestId: $metadata?.requestId,
    throttling: $retryable?.throttling === true,
  };
}

const THROTTLED = /throttl|toomanyrequests|throughputexceeded|limitexceeded|slowdown|overlimit/i;

function nature({ name, status, throttling }: Failure): InfrastructureError['nature'] {
  if (throttling || status === 429 || THROTTLED.test(name)) return 'throttled';
  // The function is given new credentials without anybody's doing.
  if (/^(ExpiredToken|RequestExpired)/.test(name)) return 'unavailable';
  return status !== undefined && status >= 400 && status < 500 ? 'refused' : 'unavailable';
}

/** Their messages name identities and resources; other messages may quote what was sent, so they are left out. */
const QUOTABLE =
  /^(AccessDenied|NotAuthorized|AuthorizationError|ResourceNotFound|NoSuchBucket|QueueDoesNotExist|NotFound|Kms|KMS)/;

function explanation({ name, message, status, requestId }: Failure): string {
  const text = QUOTABLE.test(name) ? `${name} (${message.slice(0, 300)})` : name;
  const where = [
    status === undefined ? 'no answer' : `HTTP ${status}`,
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
  ];
  return `${text}, ${where.join(', ')}`;
}
