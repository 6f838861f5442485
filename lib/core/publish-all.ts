import { type Publication, TOPIC_LIMIT, topicMessage, topicMessageSize } from './cloud-event.ts';
import { InfrastructureError } from './errors.ts';
import type { Ordered } from './held.ts';
import type { Invocation } from './invocation.ts';
import { parallel } from './parallel.ts';
import type { PublishAnswer, TopicMessage } from './ports.ts';
import { OBJECT_PREFIX } from './resources.ts';
import { sha256 } from './scheme.ts';
import { hasTimeFor } from './time-limits.ts';

/** SNS takes ten messages a call. */
const BATCH_ENTRIES = 10;

/** Standard topics: batches under way at once. */
const WIDTH = 5;

interface Entry {
  readonly ordered: Ordered;
  readonly message: TopicMessage;
}

interface Answered {
  readonly ordered: Ordered;
  readonly answer: PublishAnswer;
}

/**
 * Publishes in as few calls as the topic's limits allow; a FIFO topic's batches one after the other.
 * What there is no time for is left out.
 * @param settle is told the topic's answer for each event as soon as its batch is answered, so that a crash finds few events that are out but not recorded.
 */
export async function publishAll(
  all: readonly Ordered[],
  invocation: Invocation,
  settle: (ordered: Ordered, answer: PublishAnswer) => Promise<void>,
): Promise<void> {
  const made = (await parallel(all, WIDTH, (ordered) => toEntry(ordered, invocation))).flat();
  const entries = made.filter((one): one is Entry => 'message' in one);
  const failed = made.filter((one): one is Answered => 'answer' in one);
  const settleAll = (batch: readonly Answered[]): Promise<unknown> =>
    parallel(batch, batch.length, ({ ordered, answer }) => settle(ordered, answer));
  await settleAll(failed);
  const width = invocation.topicKind === 'fifo' ? 1 : WIDTH;
  await parallel(pack(entries), width, async (batch) => settleAll(await publishBatch(batch, invocation)));
}

async function publishBatch(batch: readonly Entry[], invocation: Invocation): Promise<readonly Answered[]> {
  if (!hasTimeFor('publish', invocation)) return [];
  try {
    const answers = await invocation.topic.publish(batch.map(({ message }) => message));
    return batch.map(({ ordered }, index) => ({
      ordered,
      answer: answers[index] ?? { kind: 'unknown', cause: 'the topic gave no answer for this message' },
    }));
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    // It may be for one message that the topic refuses them all.
    if (error.nature === 'refused' && batch.length > 1)
      return (await parallel(batch, 1, (entry) => publishBatch([entry], invocation))).flat();
    return batch.map(({ ordered }) => ({ ordered, answer: { kind: 'unknown', cause: error.message } }));
  }
}

/** None when there is no time to store what is too large for the topic. */
async function toEntry(
  ordered: Ordered,
  invocation: Invocation,
): Promise<readonly [] | readonly [Entry | Answered]> {
  const { event, standing, repeatOf, fetched } = ordered;
  const provider = invocation.sources.get(event.source)?.source.provider.name ?? event.source;
  const publication: Publication = {
    event,
    standing,
    provider,
    uri: invocation.uri,
    ...(fetched === undefined ? {} : { fetched }),
    ...(repeatOf === undefined ? {} : { repeatOf }),
  };
  const message = topicMessage(publication);
  if (topicMessageSize(message) <= TOPIC_LIMIT) return [{ ordered, message }];
  if (!hasTimeFor('claimCheck', invocation)) return [];
  // A state that is fetched again is another one: what is out already must not lead to it.
  const state = fetched === undefined || !('sequence' in standing) ? '' : `-${standing.sequence}`;
  const key = `${OBJECT_PREFIX.events}${event.source}/${sha256(event.key)}${state}.json`;
  try {
    await invocation.objects.put(key, Buffer.from(message.message));
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    return [{ ordered, answer: { kind: 'unknown', cause: error.message } }];
  }
  return [{ ordered, message: topicMessage(publication, `s3://${invocation.bucket}/${key}`) }];
}

/** Fills batches in order, so that events of one group stay in order. */
function pack(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const batches: Entry[][] = [];
  let size = 0;
  for (const entry of entries) {
    const more = topicMessageSize(entry.message);
    const open = batches.at(-1);
    if (open === undefined || open.length === BATCH_ENTRIES || size + more > TOPIC_LIMIT) {
      batches.push([entry]);
      size = more;
    } else {
      open.push(entry);
      size += more;
    }
  }
  return batches;
}
