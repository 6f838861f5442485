import { spanInWords } from '../../lib/cli/delivery-in-words.ts';
import type { DeliveryHabits, Provider } from '../../lib/core/provider.ts';
import { blocks, chapter, code, prose, table } from './markdown.ts';
import { ACKNOWLEDGE_STEP_WORDS } from './step-words.ts';

/** What is answered, and what that does at the provider. */
export function answersChapter(provider: Provider): string | undefined {
  const { delivery, title } = provider;
  const refused = clientErrorsInWords(delivery);
  return chapter(
    'Answers',
    table(
      ['Headgate answers', 'when', `what ${title} does then`],
      [
        [
          acknowledgementInWords(provider.acknowledge),
          'the delivery is kept, or of a type that the source does not want',
          'it is done',
        ],
        ['401', 'it is not proved', refused],
        ['400, 413', 'its body is damaged, contradicts its type, or is too large', refused],
        ['503', 'no secret is stored yet, or neither queue nor bucket takes it', retriesInSentence(delivery)],
      ],
    ),
    blocks(
      delivery.withoutRetries === undefined ? undefined : prose(delivery.withoutRetries),
      delivery.disabling === undefined
        ? 'Whether a webhook that keeps failing is switched off is not known.'
        : prose(delivery.disabling),
    ),
  );
}

function acknowledgementInWords(wish: Provider['acknowledge']): string {
  if (wish === undefined) return '200, empty';
  if ('step' in wish) return `2xx: ${ACKNOWLEDGE_STEP_WORDS[wish.step]}`;
  return wish.body === undefined ? `${wish.status}, empty` : `${wish.status} with ${code(wish.body)}`;
}

/** @example clientErrorsInWords(stripe.delivery) // 'sends it again, as after 503' */
function clientErrorsInWords({ retries, clientErrors }: DeliveryHabits): string {
  if (retries === 'none' || clientErrors === 'dropped') return 'never sends it again by itself';
  return clientErrors === 'retried' ? 'sends it again, as after 503' : 'not known: it may be lost';
}

function retriesInSentence({ retries }: DeliveryHabits): string {
  return retries === 'none'
    ? '**never sends it again by itself**'
    : `sends it again, for ${spanInWords(retries.spanSeconds)}`;
}
