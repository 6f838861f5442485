import type { IncomingHttpHeaders } from 'node:http';

export type AwsService = 'sqs' | 'sns' | 's3' | 'dynamodb' | 'secretsmanager';

/** One call of an AWS client, retries counted each: `{ service: 'sqs', operation: 'SendMessage' }`. */
export interface AwsCall {
  readonly service: AwsService;
  readonly operation: string;
}

/**
 * What goes wrong with a call. `fail`: a 500, nothing done. `throttle`: the service's own throttling error,
 * nothing done. `lose-answer`: the work is done, then the connection breaks.
 */
export type Fault = 'fail' | 'throttle' | 'lose-answer';

export interface CloudRequest {
  readonly method: string;
  /** Path and query as sent: `/bucket/key?x-id=PutObject`. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Where the cloud listens, without a slash at the end: `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** Aborted when the caller has hung up or the cloud closes: waiting for something to happen makes no sense any more. */
  readonly waitNoMore: AbortSignal;
}

export interface CloudAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** One emulated service. It answers every request, its own errors included; a throw is a bug. */
export interface CloudService {
  answer(operation: string, request: CloudRequest): Promise<CloudAnswer>;
}

/** A service that holds something open. */
export interface ClosableService extends CloudService {
  close(): Promise<void>;
}

/** An answer of the AWS JSON protocols. */
export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): CloudAnswer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', ...headers },
    body: JSON.stringify(body),
  };
}

export function xmlAnswer(status: number, body: string): CloudAnswer {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}
