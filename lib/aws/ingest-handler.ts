import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { DeliveryId } from '../core/delivery.ts';
import { type IntakePorts, ingest } from '../core/ingest.ts';
import { answerTo, type IngestOutcome, reportOf } from '../core/ingest-outcome.ts';
import type { Inlet } from '../core/inlet.ts';
import { rejected } from '../core/rejection.ts';
import type { Reporter } from '../core/report.ts';
import { type EpochMs, type Headers, METHODS } from '../core/request.ts';
import type { HttpAnswer } from '../core/step.ts';
import { utf8Bytes } from '../core/utf8-text.ts';

/** What the handler works with: on AWS and on a laptop the same, but for where the ports lead. */
export interface IngestWiring {
  readonly inlets: readonly Inlet[];
  readonly ports: IntakePorts;
  /** What providers call, without a slash at the end. */
  readonly publicUrl: string;
  readonly now: () => EpochMs;
  readonly report: Reporter;
}

export type IngestHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** What is left of the function's time when it answers 503 rather than be killed, in ms. */
const LAST_WORD_MS = 500;

/**
 * The handler of an HTTP API's events (payload format 2.0). Whatever happens, the caller gets an answer and one report is made.
 * @example export const handler = ingestHandler({ inlets, ports, publicUrl, now: Date.now, report })
 */
export function ingestHandler(wiring: IngestWiring): IngestHandler {
  const byPath = new Map(
    wiring.inlets.flatMap((inlet) => inlet.source.paths.map((path) => [path, inlet] as const)),
  );

  const finish = (outcome: IngestOutcome, call: FinishedCall): APIGatewayProxyStructuredResultV2 => {
    wiring.report(
      reportOf(outcome, {
        source: call.inlet.source.name,
        delivery: call.event.requestContext.requestId as DeliveryId,
        bytes: call.bytes,
        durationMs: wiring.now() - call.since,
      }),
    );
    return toResult(answerTo(outcome));
  };

  async function handle(
    event: APIGatewayProxyEventV2,
    _context: Context,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<APIGatewayProxyStructuredResultV2> {
    const since = wiring.now();
    const inlet = byPath.get(event.rawPath);
    if (inlet === undefined) return NO_SOURCE;
    const body = bodyOf(event);
    const outcome = await take(event, body, inlet, wiring);
    // Too late: the caller has had its answer, which is what was reported.
    if (signal.aborted) return toResult(answerTo(outcome));
    return finish(outcome, { inlet, event, since, bytes: body.length });
  }

  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({
    timeoutEarlyInMillis: LAST_WORD_MS,
  })
    .handler(handle)
    .onError((request) => {
      const inlet = byPath.get(request.event.rawPath);
      // Not an event of ours: Lambda's own error is the right alarm.
      if (inlet === undefined) return;
      request.response = finish(
        { kind: 'unavailable', cause: unexpected(request.error) },
        {
          inlet,
          event: request.event,
          since: request.event.requestContext.timeEpoch,
          bytes: bodyOf(request.event).length,
        },
      );
    }) as IngestHandler;
}

interface FinishedCall {
  readonly inlet: Inlet;
  readonly event: APIGatewayProxyEventV2;
  readonly since: EpochMs;
  readonly bytes: number;
}

/** The gateway knows no such path, so only a call around it ends here. */
const NO_SOURCE: APIGatewayProxyStructuredResultV2 = {
  statusCode: 404,
  headers: {},
  body: '',
  isBase64Encoded: false,
};

function take(
  event: APIGatewayProxyEventV2,
  body: Buffer,
  inlet: Inlet,
  { publicUrl, ports }: IngestWiring,
): Promise<IngestOutcome> | IngestOutcome {
  const { http, timeEpoch, requestId } = event.requestContext;
  const method = METHODS.find((one) => one === http.method);
  if (method === undefined) return rejected('method-not-allowed', 'a method that no provider uses');
  const headers = event.headers as Headers;
  const request = {
    method,
    path: event.rawPath,
    query: event.rawQueryString,
    headers,
    body,
    receivedAt: timeEpoch,
  };
  return ingest({ inlet, request, id: requestId as DeliveryId, publicUrl, ports });
}

function bodyOf({ body, isBase64Encoded }: APIGatewayProxyEventV2): Buffer {
  return isBase64Encoded ? Buffer.from(body ?? '', 'base64') : utf8Bytes(body ?? '');
}

function toResult({ status, headers, body }: HttpAnswer): APIGatewayProxyStructuredResultV2 {
  return { statusCode: status, headers: { ...headers }, body, isBase64Encoded: false };
}

/** Name and place of a bug. Not its message: that may quote what was being read. */
function unexpected(error: unknown): string {
  if (!(error instanceof Error)) return 'unexpected: something that is no Error was thrown';
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [`unexpected ${error.name}`, ...frames.slice(0, 5).map((line) => line.trim())].join(' ');
}
