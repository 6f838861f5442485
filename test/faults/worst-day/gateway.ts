import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { gatewayEvent } from '../../../lib/local/gateway-event.ts';
import type { Delivery, HttpRequest } from './deliveries.ts';
import type { TrueEvent } from './events.ts';
import type { SimulatedFunction } from './simulated-function.ts';
import type { Stage } from './stage.ts';

/** Who has sent a request, which nobody who takes it can know. */
export type From =
  | { readonly kind: 'provider'; readonly delivery: Delivery }
  /** A stranger: it must be refused. */
  | { readonly kind: 'forger'; readonly how: string }
  /** A stranger who has genuine signed bytes, and gave them another id where that is not signed. */
  | { readonly kind: 'relabeller'; readonly id: string; readonly of: TrueEvent; readonly type: string };

export interface Call {
  /** The request's own. */
  readonly name: string;
  readonly request: HttpRequest;
  readonly from: From;
  /** Hears the status, if any comes. */
  readonly answered?: (status: number) => void;
}

export type Post = (call: Call) => void;

/** Requests at once that the function takes. */
const CONCURRENCY = 50;

/**
 * The HTTP API in front of the function.
 * @param answered is told of every answer, also of those that nobody hears.
 */
export function openGateway(
  stage: Stage,
  ingest: SimulatedFunction<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>,
  answered: (call: Call, status: number) => void,
): Post {
  return (call) => {
    const { name, request, answered: hear = () => {} } = call;
    stage.story.tell(() => `${name} arrives, ${call.from.kind === 'provider' ? 'genuine' : call.from.kind}`);
    const answer = (status: number): void => {
      stage.story.tell(() => `${name} is answered ${status}`);
      answered(call, status);
      hear(status);
    };
    if (ingest.busy >= CONCURRENCY) return answer(503);
    const event = gatewayEvent(
      {
        method: 'POST',
        path: request.path,
        query: '',
        rawHeaders: Object.entries(request.headers).flat(),
        body: request.body,
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        port: 443,
        requestId: name,
        receivedAt: stage.time.now(),
      },
      `POST ${request.path}`,
    );
    ingest.invoke(event, name, (ended) =>
      // API Gateway's own answer when the function gives none.
      answer(ended.kind === 'answered' ? Number(ended.answer.statusCode) : 500),
    );
  };
}
