/** Events of which the receiver has said one of these words, as `source#id`. */
export function told(
  said: readonly string[],
  ...words: readonly ('published' | 'dead letter' | 'deferred')[]
): ReadonlySet<string> {
  const line = new RegExp(`^\\S+ {2}(\\S+) {2,}(?:${words.join('|')}) {2,}\\S+ (\\S+): `);
  return new Set(
    said.flatMap((text) => {
      const [, source, id] = line.exec(text) ?? [];
      return source === undefined || id === undefined ? [] : [`${source}#${id}`];
    }),
  );
}
