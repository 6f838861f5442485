import { styleText } from 'node:util';

/** What a piece of output means. */
export type Meaning = 'good' | 'notice' | 'bad' | 'aside' | 'title';

/** Colours a text by its meaning, where colours are wanted. */
export type Paint = (meaning: Meaning, text: string) => string;

const COLOURS = {
  good: 'green',
  notice: 'yellow',
  bad: 'red',
  aside: 'gray',
  title: 'bold',
} as const satisfies Record<Meaning, string>;

/** Colours only for a terminal, and never when `NO_COLOR` is set; `FORCE_COLOR` brings them back. */
export function paintFor(stream: NodeJS.WritableStream): Paint {
  return (meaning, text) => styleText(COLOURS[meaning], text, { stream });
}
