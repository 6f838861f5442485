/** What one measurement found. */
export interface Measurement {
  readonly title: string;
  /** How it was taken, in a sentence. */
  readonly how: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How much is measured: enough for a look, or for numbers to quote. */
export type Length = 'quick' | 'full';

/** The measurement as text: title, how, and a table whose first column is left-aligned. */
export function toText({ title, how, columns, rows }: Measurement): string {
  const lines = [columns, ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  const table = lines.map((line) =>
    line
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  '),
  );
  return [title, how, '', ...table].join('\n');
}

/** The same as a table of Markdown, as docs/cost.md has them. */
export function toMarkdown({ title, how, columns, rows }: Measurement): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = `|${columns.map((_, index) => (index === 0 ? '---' : '--:')).join('|')}|`;
  return [`### ${title}`, '', how, '', line(columns), rule, ...rows.map(line)].join('\n');
}

/** @example ratio(3, 2) // '1.50' */
export function ratio(value: number, reference: number): string {
  return (value / reference).toFixed(2);
}
