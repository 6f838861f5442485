import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { processHandler } from '../../lib/aws/process-handler.ts';
import { type ClaimToken, LEASE_MARGIN_MS } from '../../lib/core/claim.ts';
import { type DeliveryMessage, encodeDelivery } from '../../lib/core/delivery.ts';
import { InfrastructureError } from '../../lib/core/errors.ts';
import type { DeliveryQueue } from '../../lib/core/ports.ts';
import type { Report } from '../../lib/core/report.ts';
import { resources } from '../../lib/core/resources.ts';
import { parseSources } from '../../lib/core/source.ts';
import { PROCESS_LIMITS, SHORTEST_INVOCATION_MS } from '../../lib/core/time-limits.ts';
import { lambdaContext } from '../../lib/local/lambda-context.ts';
import { memoryCloud, memoryWorker, type WorkerOptions } from '../core/model/memory-ports.ts';
import { changes, delivery, START, shop } from '../core/process-world.ts';

const { queue, functions } = resources({ fifo: true });
const LIFE_MS = functions.process.timeoutSeconds * 1000;

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

type Limit = keyof typeof PROCESS_LIMITS;
type Pace = 'quick' | 'slow' | 'never answers';
type Paces = Readonly<Partial<Record<Limit, Pace>>>;

/** A call that takes as long as its limit allows, or is given up then. */
function paced<A extends unknown[], T>(
  limit: Limit,
  paces: Paces,
  call: (...given: A) => Promise<T>,
): (...given: A) => Promise<T> {
  return async (...given) => {
    const pace = paces[limit] ?? 'quick';
    await new Promise((resolve) => setTimeout(resolve, pace === 'quick' ? 5 : PROCESS_LIMITS[limit]));
    if (pace === 'never answers')
      throw new InfrastructureError(limit, 'unavailable', { explanation: 'late' });
    return call(...given);
  };
}

function processor(paces: Paces = {}, fate: WorkerOptions['fate'] = () => 'done') {
  const cloud = memoryCloud();
  const { ledger, topic, deadLetters, objects, resources } = memoryWorker(cloud, { fate }).ports;
  const reports: Report[] = [];
  const sent: { readonly message: DeliveryMessage; readonly seconds: number | undefined }[] = [];
  const hidden: { readonly receipt: string; readonly seconds: number }[] = [];
  const send: DeliveryQueue['send'] = async (message, wait) => {
    sent.push({ message, seconds: wait?.seconds });
  };
  let tokens = 0;
  const handle = processHandler({
    inlets: parseSources({ shop: { provider: shop } }).map((source) => ({
      source,
      steps: {},
      keptHeaders: [],
    })),
    settings: { uri: 'urn:test', bucket: 'b', topicKind: 'fifo', retentionSeconds: 86_400 },
    ports: {
      ledger: {
        write: paced('ledgerWrite', paces, ledger.write),
        read: paced('ledgerRead', paces, ledger.read),
      },
      topic: { publish: paced('topic', paces, topic.publish) },
      deadLetters: { send: paced('queue', paces, deadLetters.send) },
      objects: { put: paced('objects', paces, objects.put), get: paced('objects', paces, objects.get) },
      resources,
      queue: { send: paced('queue', paces, send) },
      visibility: { hide: paced('queue', paces, async (waits) => void hidden.push(...waits)) },
    },
    world: {
      now: Date.now,
      random: () => 0.5,
      token: () => {
        tokens += 1;
        return `t${tokens}` as ClaimToken;
      },
    },
    report: (made) => reports.push(...made),
  });
  const context = (): Context => lambdaContext({ name: 'process', timeoutMs: LIFE_MS }, Date.now);
  return {
    cloud,
    reports,
    sent,
    hidden,
    /** Lets time pass until the handler has answered. */
    async call(event: SQSEvent): Promise<SQSBatchResponse> {
      const answer = handle(event, context());
      let done = false;
      const ended = answer.finally(() => {
        done = true;
      });
      while (!done && Date.now() - START < 10 * LIFE_MS) await vi.advanceTimersByTimeAsync(250);
      return await ended;
    },
    /** Answers when Lambda has ended the function. */
    async kill(event: SQSEvent): Promise<void> {
      void handle(event, context());
      await vi.advanceTimersByTimeAsync(LIFE_MS);
    },
  };
}

function record(
  message: DeliveryMessage,
  more: { readonly id?: string; readonly receives?: number } = {},
): SQSRecord {
  const { id = 'm', receives = 1 } = more;
  const text = (stringValue: string) => ({ stringValue, dataType: 'String' });
  return {
    messageId: id,
    receiptHandle: `receipt ${id}`,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: '0',
      SenderId: 's',
      ApproximateFirstReceiveTimestamp: '0',
      MessageGroupId: message.group,
    },
    messageAttributes: {
      headgate: text(message.metadata),
      ...(message.waitingSince === undefined ? {} : { 'waiting-since': text(String(message.waitingSince)) }),
    },
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn',
    awsRegion: 'eu-west-1',
  };
}

describe('an invocation on which AWS is slow', () => {
  const many = Array.from({ length: 120 }, (_, index) => ({
    id: `e${index}`,
    subject: `s${index % 8}`,
    version: index,
  }));
  const large = Array.from({ length: 12 }, (_, index) => ({ id: `l${index}`, text: 'x'.repeat(263_000) }));

  function batch(cloud: ReturnType<typeof memoryCloud>): SQSEvent {
    const messages = [changes(...large), changes(...many), delivery('no JSON'), changes({ id: 'z' })].map(
      (one) => {
        const encoded = encodeDelivery(one);
        if (encoded.kind === 'too-large') cloud.objects.set(encoded.key, one.body);
        return encoded.message;
      },
    );
    return { Records: messages.map((message, index) => record(message, { id: `m${index}`, receives: 25 })) };
  }

  const paces: readonly Pace[] = ['quick', 'slow', 'never answers'];
  const all = paces.flatMap((ledgerWrite) =>
    paces.flatMap((topic) =>
      paces.flatMap((objects) =>
        paces.flatMap((other) => [{ ledgerWrite, topic, objects, ledgerRead: other, queue: other }]),
      ),
    ),
  );

  test.each(all)(
    'ends in time, and reports all that is out: ledger $ledgerWrite, topic $topic, bucket $objects, queue $queue',
    async (paced) => {
      const { cloud, reports, call } = processor(paced);
      await call(batch(cloud));
      expect(Date.now() - START).toBeLessThanOrEqual(LIFE_MS);
      const recorded = [...cloud.rows.values()].filter(({ state }) => state === 'published');
      expect(reports.filter(({ outcome }) => outcome === 'published')).toHaveLength(recorded.length);
      if (paced.topic === 'quick' && paced.ledgerWrite === 'quick' && paced.ledgerRead !== 'never answers')
        expect(recorded.length).toBeGreaterThanOrEqual(100);
    },
  );
});

test('what was out before a chunk that is killed has been reported', async () => {
  // The first chunk is a read, 200 writes and 10 publications; a little later nothing is answered any more.
  const { reports, kill } = processor({}, (_call, index) =>
    index < 215 ? 'done' : 'is never made, since its worker dies',
  );
  const events = Array.from({ length: 150 }, (_, index) => ({ id: `e${index}` }));
  await kill({ Records: [record(encodeDelivery(changes(...events)).message)] });
  expect(reports.filter(({ outcome }) => outcome === 'published')).toHaveLength(100);
});

describe('the sums', () => {
  test('reading, one chunk and the end fit into an invocation', () => {
    expect(SHORTEST_INVOCATION_MS).toBeLessThanOrEqual(LIFE_MS);
  });

  test('a claim outlives its worker, and has ended when the queue hands the message out again', () => {
    expect(LEASE_MARGIN_MS).toBeGreaterThan(0);
    expect(LIFE_MS + LEASE_MARGIN_MS).toBeLessThan(queue.visibilitySeconds * 1000);
  });

  test('a second worker publishes within the 5 minutes in which a FIFO topic drops a copy of the first one’s', () => {
    expect(queue.visibilitySeconds * 1000 + LIFE_MS).toBeLessThan(300_000);
  });
});

describe('a message that has to wait', () => {
  const busy = async (message: DeliveryMessage, receives: number) => {
    const made = processor({ ledgerWrite: 'never answers' });
    const answer = await made.call({ Records: [record(message, { receives })] });
    return { ...made, answer };
  };
  const { message } = encodeDelivery(changes({ id: 'a' }));

  test('for a short while is hidden, and comes back', async () => {
    const { answer, sent, hidden } = await busy(message, 1);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
    expect(sent).toEqual([]);
    expect(hidden).toEqual([{ receipt: 'receipt m', seconds: 2 }]);
  });

  test('for longer is sent once more, with a delay and the time since when it waits', async () => {
    const { answer, sent, hidden } = await busy(message, 9);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(hidden).toEqual([]);
    expect(sent).toEqual([
      { message: { ...message, waitingSince: expect.any(Number) }, seconds: expect.any(Number) },
    ]);
    const [since, seconds] = [sent[0]?.message.waitingSince ?? 0, sent[0]?.seconds ?? 0];
    expect(since - START).toBeLessThan(LIFE_MS);
    expect(seconds).toBeGreaterThan(60);
  });

  test('and did so before keeps that time', async () => {
    const { sent } = await busy({ ...message, waitingSince: START - 3_600_000 }, 1);
    expect(sent).toMatchObject([{ message: { waitingSince: START - 3_600_000 } }]);
  });

  test('and has for a day is a dead letter', async () => {
    const { answer, cloud, sent } = await busy({ ...message, waitingSince: START - 86_400_000 }, 1);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([]);
    expect(cloud.deadLetters).toEqual([{ message, reason: 'attempts-exhausted' }]);
  });
});
