import type {
  ChangeMessageVisibilityBatchCommandInput,
  ChangeMessageVisibilityBatchResult,
  SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { METADATA_ATTRIBUTE } from '../../../lib/core/delivery.ts';
import type { SimulatedService } from './simulated-client.ts';
import type { Letter, SimulatedQueue } from './simulated-queue.ts';
import type { Stage } from './stage.ts';

/**
 * SQS as our functions call it, by the queues' URLs.
 * @param sent is told of each message that a queue has taken.
 */
export function simulatedSqs(
  stage: Stage,
  queues: ReadonlyMap<string, SimulatedQueue>,
  sent: (letter: Letter, to: SimulatedQueue) => void,
): SimulatedService {
  const queueOf = (url: string | undefined): SimulatedQueue => {
    const queue = queues.get(url ?? '');
    if (queue === undefined) throw new TypeError(`there is no queue ${url}`);
    return queue;
  };
  return {
    name: 'sqs',
    about(operation, input) {
      if (operation === 'SendMessage') {
        const call = input as SendMessageCommandInput;
        return `${queueOf(call.QueueUrl).name} ${deliveryOf(call)}`;
      }
      return ((input as ChangeMessageVisibilityBatchCommandInput).Entries ?? [])
        .map(({ ReceiptHandle }) => ReceiptHandle)
        .join(' ');
    },
    answer(operation, input) {
      if (operation === 'SendMessage') return send(input as SendMessageCommandInput);
      if (operation === 'ChangeMessageVisibilityBatch')
        return hide(input as ChangeMessageVisibilityBatchCommandInput);
      throw new TypeError(`nobody calls ${operation}`);
    },
  };

  function send(call: SendMessageCommandInput): object {
    const letter = {
      body: call.MessageBody ?? '',
      ...(call.MessageAttributes && { attributes: call.MessageAttributes }),
      ...(call.MessageGroupId === undefined ? {} : { group: call.MessageGroupId }),
    };
    const queue = queueOf(call.QueueUrl);
    queue.send(deliveryOf(call), letter, call.DelaySeconds);
    stage.story.tell(() => `  ${queue.name} takes ${deliveryOf(call)}, shown in ${call.DelaySeconds ?? 0} s`);
    sent(letter, queue);
    return { MessageId: deliveryOf(call) };
  }

  function hide(call: ChangeMessageVisibilityBatchCommandInput): ChangeMessageVisibilityBatchResult {
    const queue = queueOf(call.QueueUrl);
    const Failed = (call.Entries ?? []).flatMap(({ Id, ReceiptHandle = '', VisibilityTimeout = 0 }) => {
      const fails = stage.faults.happens(`${ReceiptHandle} is not hidden`, stage.temper.calls);
      if (fails) return [{ Id, Code: 'InternalError', SenderFault: false }];
      return queue.hide(ReceiptHandle, VisibilityTimeout)
        ? []
        : [{ Id, Code: 'ReceiptHandleIsInvalid', SenderFault: true }];
    });
    return { Successful: [], Failed };
  }
}

/** The delivery's id, from the metadata that its message carries. */
function deliveryOf({ MessageAttributes }: SendMessageCommandInput): string {
  const metadata = MessageAttributes?.[METADATA_ATTRIBUTE]?.StringValue ?? '';
  return /"id":"([^"]*)"/.exec(metadata)?.[1] ?? 'a message without a delivery';
}
