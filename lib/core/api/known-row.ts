import type { ConditionalWrite, Row, WriteAnswer } from '../conditional-write.ts';
import type { Ledger } from '../ports.ts';
import { apiRow } from '../row-key.ts';
import type { SourceName } from '../source.ts';

/** The row of a source's API, as this sandbox knows it. */
export interface KnownRow {
  /** As it was last seen. */
  last(): Row | undefined;
  read(): Promise<Row | undefined>;
  write(write: ConditionalWrite): Promise<WriteAnswer>;
}

export function knownRow(source: SourceName, ledger: Ledger): KnownRow {
  const key = apiRow(source);
  let seen: Row | undefined;
  return {
    last: () => seen,
    async read() {
      seen = (await ledger.read([key])).get(key);
      return seen;
    },
    async write(write) {
      const answer = await ledger.write(write);
      seen = answer.row;
      return answer;
    },
  };
}
