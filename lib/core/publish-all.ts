import { type Publication, TOPIC_LIMIT, topicMessage, topicMessageSize } from './cloud-event.ts';
import { InfrastructureError } from './errors.ts';
import type { Invocation } from './invocation.ts';
import { parallel } from './parallel.ts';
import type { PublishAnswer, TopicMessage } from './ports.ts';
import type { Ordered } from './process-chunk.ts';
import { OBJECT_PREFIX } from './resources.ts';
import { sha256 } from './scheme.ts';

/** SNS takes ten messages a call. */
const BATCH_ENTRIES = 10;

/** Standard topics: batches under way at once. */
const WIDTH = 5;

export interface Published {
  readonly ordered: Ordered;
  readonly answer: PublishAnswer;
}

interface Entry {
  readonly ordered: Ordered;
  readonly message: TopicMessage;
}

/** Publishes in as few calls as the topic's limits allow; a FIFO topic's batches one after the other. */
export async function publishAll(
  all: readonly Ordered[],
  invocation: Invocation,
): Promise<readonly Published[]> {
  const entries = await parallel(all, WIDTH, (ordered) => toEntry(ordered, invocation));
  const ready = entries.filter((entry): entry is Entry => 'message' in entry);
  const failed = entries.filter((entry): entry is Published => 'answer' in entry);
  const width = invocation.topicKind === 'fifo' ? 1 : WIDTH;
  const answered = await parallel(pack(ready), width, (batch) => publishBatch(batch, invocation));
  return [...failed, ...answered.flat()];
}

async function publishBatch(batch: readonly Entry[], invocation: Invocation): Promise<readonly Published[]> {
  const answers = await invocation.topic
    .publish(batch.map((entry) => entry.message))
    .catch((error: unknown) => batch.map(() => unknown(error)));
  return batch.map(({ ordered }, index) => ({
    ordered,
    answer: answers[index] ?? { kind: 'unknown', cause: 'the topic gave no answer for this message' },
  }));
}

async function toEntry(ordered: Ordered, invocation: Invocation): Promise<Entry | Published> {
  const { event, standing, repeatOf } = ordered;
  const provider = invocation.sources.get(event.source)?.source.provider.name ?? event.source;
  const publication: Publication = {
    event,
    standing,
    provider,
    uri: invocation.uri,
    ...(repeatOf === undefined ? {} : { repeatOf }),
  };
  const message = topicMessage(publication);
  if (topicMessageSize(message) <= TOPIC_LIMIT) return { ordered, message };
  const key = `${OBJECT_PREFIX.events}${event.source}/${sha256(Buffer.from(event.key))}.json`;
  try {
    await invocation.objects.put(key, Buffer.from(message.message));
  } catch (error) {
    return { ordered, answer: unknown(error) };
  }
  return { ordered, message: topicMessage(publication, `s3://${invocation.bucket}/${key}`) };
}

/** Even a refusal of the whole call may pass (a key, a policy): only a refused message is dead at once, others after their attempts. */
function unknown(error: unknown): PublishAnswer {
  if (!(error instanceof InfrastructureError)) throw error;
  return { kind: 'unknown', cause: error.message };
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
