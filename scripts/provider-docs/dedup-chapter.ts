import { spanInWords } from '../../lib/cli/delivery-in-words.ts';
import { givesIds } from '../../lib/core/event-identity.ts';
import { all, blocks, chapter, code } from './markdown.ts';
import type { ProviderFacts } from './provider-facts.ts';

/** What makes two deliveries the same event. */
export function dedupChapter({ provider, rememberedSeconds }: ProviderFacts): string | undefined {
  if (!givesIds(provider)) {
    return chapter(
      'Dedup key',
      'None: the provider gives no id, and two equal bodies are two events. Each delivery is an event of its own, so what is sent again is published again.',
    );
  }
  const { volatile = [], events } = provider;
  const without = 'step' in events ? [] : events.filter(({ id }) => id === undefined);
  return chapter(
    'Dedup key',
    blocks(
      `The event’s id. What comes again under an id that was published is a duplicate, and dropped, for ${spanInWords(rememberedSeconds)} (a receiver remembers as long as the slowest of its sources needs). Other content under the same id is a collision: a dead letter, with an alarm.`,
      without.length === 0
        ? undefined
        : 'An event without an id is one of its own each time it comes, and so published again when it is sent again.',
      volatile.length === 0
        ? undefined
        : `Two copies of an event may differ at ${all(volatile.map(code))}: that is left out of the comparison.`,
    ),
  );
}
