import type { ConditionalWrite, Row, WriteAnswer } from '../conditional-write.ts';
import type { Ledger } from '../ports.ts';
import type { EpochMs } from '../request.ts';
import { apiRow } from '../row-key.ts';
import type { SourceName } from '../source.ts';

/** The row of a source's API, as this sandbox knows it. */
export interface KnownRow {
  /** As it was last seen. */
  last(): Row | undefined;
  /** Seen within the last second, or read: mostly nobody else has changed it since, and every write finds out. */
  recent(): Promise<Row | undefined>;
  write(write: ConditionalWrite): Promise<WriteAnswer>;
}

const RECENT_MS = 1_000;

export function knownRow(
  source: SourceName,
  { ledger, now }: { readonly ledger: Ledger; readonly now: () => EpochMs },
): KnownRow {
  const key = apiRow(source);
  let seen: { readonly row: Row | undefined; readonly at: EpochMs } | undefined;
  const see = (row: Row | undefined): Row | undefined => {
    seen = { row, at: now() };
    return row;
  };
  return {
    last: () => seen?.row,
    async recent() {
      if (seen !== undefined && now() - seen.at < RECENT_MS) return seen.row;
      return see((await ledger.read([key])).get(key));
    },
    async write(write) {
      const answer = await ledger.write(write);
      see(answer.row);
      return answer;
    },
  };
}
