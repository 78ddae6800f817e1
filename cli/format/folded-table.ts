import { textTable } from './text-table.ts';

/** The text of a cell that has nothing to say. */
export const ABSENT = '–';

export interface FoldedRow {
  cells: readonly string[];
  /** The cells of the last columns. */
  more: readonly string[];
}

/**
 * A table. Where a line would be longer than `columns`, the last columns get lines of their own below each row, without
 * their titles.
 */
export function foldedTable(
  titles: readonly string[],
  moreTitles: readonly string[],
  rows: readonly FoldedRow[],
  columns: number,
): string {
  const wide = textTable(
    [...titles, ...moreTitles],
    rows.map(({ cells, more }) => [...cells, ...more]),
  );
  if (wide.split('\n').every((line) => line.length <= columns)) return wide;
  const [head = '', ...lines] = textTable(
    titles,
    rows.map(({ cells }) => cells),
  ).split('\n');
  const below = rows.map(({ more }) => fitTogether(more, columns));
  return [head, ...lines.flatMap((line, index) => [line, ...(below[index] ?? [])])].join('\n');
}

/** As many of the words on a line as fit; those that are absent are left out. */
function fitTogether(words: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const word of words.filter((each) => each !== ABSENT)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 2 <= columns)
      lines[lines.length - 1] = `${last}  ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines;
}
