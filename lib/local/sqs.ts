import { jsonError } from './aws-error.ts';
import { type CloudAnswer, type CloudRequest, type CloudService, jsonAnswer } from './cloud-service.ts';
import { fauxqsActions, fauxqsHeaders, fauxqsPart, type SqsStore } from './fauxqs-parts.ts';
import type { FauxqsStores } from './fauxqs-stores.ts';
import { messageMoveTasks } from './message-move-tasks.ts';
import { type Refusal, type SentMessage, sqsRefusal } from './message-rules.ts';

const OPERATIONS = [
  'CreateQueue',
  'DeleteQueue',
  'GetQueueUrl',
  'ListQueues',
  'GetQueueAttributes',
  'SetQueueAttributes',
  'PurgeQueue',
  'SendMessage',
  'SendMessageBatch',
  'DeleteMessage',
  'DeleteMessageBatch',
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
];

type Input = Readonly<Record<string, unknown>>;
type Work = (input: Input, request: CloudRequest) => unknown;

/** SQS over the stores: fauxqs's actions, each kept as a whole, with what fauxqs lacks beside them. */
export async function sqs(stores: FauxqsStores): Promise<CloudService> {
  const actions = await fauxqsActions<[SqsStore]>('sqs', [...OPERATIONS, 'ReceiveMessage']);
  const { SqsError } = await fauxqsPart('common/errors.js');
  const tasks = await messageMoveTasks(stores);
  const refuse = ({ code, message }: Refusal): never => {
    throw new SqsError(code, message);
  };
  const works = new Map<string, Work>();
  for (const [operation, action] of actions) {
    const work: Work = (input, request) => action(input, stores.sqs, fauxqsHeaders(request));
    // To receive is to wait; what it changes in the end is kept as a whole by the queue itself.
    const waits = operation === 'ReceiveMessage';
    works.set(operation, waits ? work : (input, request) => stores.atomically(() => work(input, request)));
  }
  const extend = (operation: string, extension: (work: Work) => Work): void => {
    const work = works.get(operation);
    if (work !== undefined) works.set(operation, extension(work));
  };
  extend('SendMessage', (send) => (input, request) => {
    const refusal = sqsRefusal(input);
    return refusal === undefined ? send(input, request) : refuse(refusal);
  });
  extend('SendMessageBatch', (send) => (input, request) => sendBatch(send, input, request));
  extend('ReceiveMessage', (receive) => (input, request) => longPoll(stores.sqs, receive, input, request));
  works.set('StartMessageMoveTask', (input) => {
    const started = tasks.start(input);
    return 'code' in started ? refuse(started) : started;
  });
  works.set('ListMessageMoveTasks', (input) => tasks.list(input));

  return {
    answer: async (operation, request) => {
      const work = works.get(operation);
      if (work === undefined) {
        return jsonError(400, 'com.amazonaws.sqs#InvalidAction', `${operation} is not emulated.`);
      }
      try {
        const output = await Promise.resolve(work(JSON.parse(request.body.toString('utf8')), request));
        return jsonAnswer(200, withQueueUrlsAt(request.endpoint, output));
      } catch (error) {
        if (error instanceof SqsError) return sqsErrorAnswer(error);
        throw error;
      }
    },
  };
}

interface FauxqsSqsError {
  readonly statusCode: number;
  readonly queryErrorHeader: string;
  toJSON(): unknown;
}

function sqsErrorAnswer(error: FauxqsSqsError): CloudAnswer {
  return jsonAnswer(error.statusCode, error.toJSON(), { 'x-amzn-query-error': error.queryErrorHeader });
}

interface BatchOutput {
  readonly Successful: readonly unknown[];
  readonly Failed: readonly unknown[];
}

type BatchEntry = SentMessage & { readonly Id: string };

function sendBatch(send: Work, input: Input, request: CloudRequest): BatchOutput {
  const entries = (input.Entries ?? []) as readonly BatchEntry[];
  const refused = new Map<string, Refusal>();
  for (const entry of entries) {
    const refusal = sqsRefusal(entry);
    if (refusal !== undefined) refused.set(entry.Id, refusal);
  }
  const taken = entries.filter((entry) => !refused.has(entry.Id));
  const nothingLeft = taken.length === 0 && entries.length > 0;
  const output: BatchOutput = nothingLeft
    ? { Successful: [], Failed: [] }
    : (send({ ...input, Entries: taken }, request) as BatchOutput);
  const failed = [...refused].map(([Id, { code, message }]) => ({
    Id,
    SenderFault: true,
    Code: code,
    Message: message,
  }));
  return { ...output, Failed: [...output.Failed, ...failed] };
}

/**
 * Waits here, not in fauxqs: a caller who has hung up is given no message that only its timeout would free, and of many
 * callers that one message wakes, all but one go on waiting.
 */
async function longPoll(
  store: SqsStore,
  receive: Work,
  input: Input,
  request: CloudRequest,
): Promise<unknown> {
  const queue = store.getQueue(String(input.QueueUrl));
  const seconds = Number(input.WaitTimeSeconds ?? queue?.attributes.ReceiveMessageWaitTimeSeconds ?? 0);
  const waits = queue !== undefined && seconds > 0 && seconds <= 20;
  if (!waits) return receive(input, request);
  const until = Date.now() + seconds * 1000;
  while (!request.waitNoMore.aborted) {
    const output = (await receive({ ...input, WaitTimeSeconds: 0 }, request)) as {
      readonly Messages?: unknown;
    };
    const left = until - Date.now();
    if (output.Messages !== undefined || left <= 0) return output;
    await Promise.race([queue.waitForMessages(left / 1000), aborted(request.waitNoMore)]);
  }
  return {};
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Queue URLs carry the port of the run that created the queue: they are given out with the one of today. */
function withQueueUrlsAt(endpoint: string, output: unknown): unknown {
  const here = (url: string): string => endpoint + new URL(url).pathname;
  const { QueueUrl, QueueUrls } = output as { QueueUrl?: string; QueueUrls?: readonly string[] };
  if (QueueUrl !== undefined) return { ...(output as object), QueueUrl: here(QueueUrl) };
  if (QueueUrls !== undefined) return { ...(output as object), QueueUrls: QueueUrls.map(here) };
  return output;
}
