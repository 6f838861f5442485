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

/** The beginnings of the ids of deliveries that it kept in the bucket, since it could not queue them: nothing is published of those. */
export function toldSpilled(said: readonly string[]): ReadonlySet<string> {
  return new Set(said.flatMap((text) => / {2}spilled {2,}.*\((\S{8})\)$/.exec(text)?.[1] ?? []));
}
