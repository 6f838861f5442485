import { type Document, readJson, type Unreadable } from '../document.ts';
import type { DocumentStepCode } from '../step.ts';
import { utf8Text } from '../utf8-text.ts';

/**
 * A JSON value on each line (https://jsonlines.org) as the array of them; one JSON text is itself. A line that is no JSON is a text of
 * that array: it neither loses nor blocks the others.
 */
export const step: DocumentStepCode = { read };

type Parameter<Index extends 0 | 1> = Parameters<DocumentStepCode['read']>[Index];

function read({ body }: Parameter<0>, options: Parameter<1>): Document | Unreadable {
  const whole = readJson(body, options);
  const lines = utf8Text(body)
    ?.split('\n')
    .filter((line) => line.trim() !== '');
  if (whole.kind === 'json' || lines === undefined) return whole;
  const items = lines.map((line) => readJson(Buffer.from(line), { depth: options.depth - 1 }));
  if (!items.some(({ kind }) => kind === 'json')) return whole;
  const texts = items.map((item, index) => (item.kind === 'json' ? item.text : JSON.stringify(lines[index])));
  return { kind: 'json', text: `[${texts.join(',')}]` };
}
