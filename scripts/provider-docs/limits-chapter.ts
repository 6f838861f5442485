import { sizesInWords } from '../../lib/cli/delivery-in-words.ts';
import { INTAKE_LIMITS } from '../../lib/core/time-limits.ts';
import { chapter, table } from './markdown.ts';
import type { ProviderFacts } from './provider-facts.ts';

/** Time and size, the provider's and ours. */
export function limitsChapter({ provider: { delivery, title } }: ProviderFacts): string | undefined {
  const { sent, taken } = sizesInWords(delivery);
  const calls = (INTAKE_LIMITS.secrets + INTAKE_LIMITS.queue + INTAKE_LIMITS.objects) / 1000;
  return chapter(
    'Limits',
    table(
      ['', title, 'Headgate'],
      [
        [
          'time to answer',
          `waits ${delivery.timeoutMs / 1000} s`,
          `answers at the latest when its calls to AWS are given up, after ${calls} s`,
        ],
        ['size of a body', sent, `${taken}; more does not arrive`],
      ],
    ),
  );
}
