import { snsError } from './aws-error.ts';
import { type CloudService, xmlAnswer } from './cloud-service.ts';
import { fauxqsActions, fauxqsHeaders, fauxqsPart, type SnsStore, type SqsStore } from './fauxqs-parts.ts';
import type { FauxqsStores } from './fauxqs-stores.ts';
import { attributeRefusal, type Refusal } from './message-rules.ts';

const OPERATIONS = [
  'CreateTopic',
  'DeleteTopic',
  'ListTopics',
  'GetTopicAttributes',
  'SetTopicAttributes',
  'Subscribe',
  'Unsubscribe',
  'ListSubscriptions',
  'ListSubscriptionsByTopic',
  'GetSubscriptionAttributes',
  'SetSubscriptionAttributes',
  'Publish',
  'PublishBatch',
];

const MAX_BATCH_BYTES = 262_144;

type Form = Readonly<Record<string, string>>;

/** SNS over the stores: a message is out when it lies in every subscribed queue. */
export async function sns(stores: FauxqsStores): Promise<CloudService> {
  const actions = await fauxqsActions<[SnsStore, SqsStore]>('sns', OPERATIONS);
  const { SnsError } = await fauxqsPart('common/errors.js');
  return {
    answer: async (operation, request) => {
      const action = actions.get(operation);
      if (action === undefined)
        return snsError(400, 'InvalidAction', `${operation} is not emulated.`, 'Sender');
      const form = Object.fromEntries(new URLSearchParams(request.body.toString('utf8')));
      const refusal = snsRefusal(operation, form);
      if (refusal !== undefined) return snsError(400, refusal.code, refusal.message, 'Sender');
      try {
        const work = () => action(form, stores.sns, stores.sqs, fauxqsHeaders(request));
        return xmlAnswer(200, String(stores.atomically(work)));
      } catch (error) {
        if (!(error instanceof SnsError)) throw error;
        return snsError(
          error.statusCode,
          error.code,
          error.message,
          error.senderFault ? 'Sender' : 'Receiver',
        );
      }
    },
  };
}

/** Why SNS would not take what is published, beyond what fauxqs checks. */
function snsRefusal(operation: string, form: Form): Refusal | undefined {
  if (operation === 'PublishBatch' && batchBytes(form) > MAX_BATCH_BYTES) {
    const message = `The length of all the messages put together is more than the limit (${MAX_BATCH_BYTES} bytes).`;
    return { code: 'BatchRequestTooLong', message };
  }
  for (const [key, name] of Object.entries(form)) {
    const attribute = /^(.*MessageAttributes\.entry\.\d+)\.Name$/.exec(key)?.[1];
    const refusal =
      attribute === undefined ? undefined : attributeRefusal(name, attributeAt(form, attribute));
    if (refusal !== undefined) return { code: 'ParameterValueInvalid', message: refusal.message };
  }
  return undefined;
}

function attributeAt(form: Form, path: string): Parameters<typeof attributeRefusal>[1] {
  const value = form[`${path}.Value.StringValue`] ?? form[`${path}.Value.BinaryValue`] ?? '';
  return { DataType: form[`${path}.Value.DataType`] ?? '', StringValue: value };
}

/** Messages and their attributes' names, types and values, as SNS counts them. */
function batchBytes(form: Form): number {
  return Object.entries(form)
    .filter(([key]) => /\.(Message|MessageAttributes\.entry\.\d+\.(Name|Value\.\w+))$/.test(key))
    .reduce((sum, [, value]) => sum + Buffer.byteLength(value), 0);
}
