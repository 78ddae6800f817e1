import type { BoardLine } from '../../expectations/board.ts';
import { causeSide, causeTitle, describeCause, wallTime } from '../../expectations/describe-cause.ts';
import { textTable } from '../format/text-table.ts';

const ABSENT = '–';
const TITLES = ['EXPECTATION', 'DATE', 'BY', 'STATE', 'FILES', 'LANDED', 'WHY NOT'] as const;

/** The board: a table, and below it a sentence for each file that is missing. */
export function describeBoard(lines: readonly BoardLine[]): string {
  const table = textTable(TITLES, lines.map(cellsOf));
  const sentences = lines.flatMap(({ expectation: { name, timeZone }, cause }) =>
    cause === undefined
      ? []
      : [`${name}: ${causeTitle(cause)}. ${describeCause(cause, timeZone)} Whose side: ${causeSide(cause)}.`],
  );
  return [table, ...(sentences.length === 0 ? [] : ['', ...sentences])].join('\n');
}

function cellsOf({ expectation, date, state, dueMs, arrivedAtMs, landed, cause }: BoardLine): string[] {
  const { name, timeZone, files } = expectation;
  const at = (ms: number | undefined): string => (ms === undefined ? ABSENT : wallTime(ms, timeZone));
  return [
    name,
    date,
    dueMs === undefined ? ABSENT : `${at(dueMs).slice(-5)} ${timeZone}`,
    state === 'NOT-EXPECTED' ? 'not expected' : state,
    state === 'NOT-EXPECTED' ? ABSENT : `${landed} of ${files}`,
    at(arrivedAtMs),
    cause === undefined ? ABSENT : causeTitle(cause),
  ];
}

export function boardAsJson(partner: string, lines: readonly BoardLine[]): Record<string, unknown> {
  const iso = (ms: number | undefined): string | null =>
    ms === undefined ? null : new Date(ms).toISOString();
  return {
    partner,
    expectations: lines.map(({ expectation, date, state, dueMs, arrivedAtMs, landed, cause, pagedAtMs }) => ({
      name: expectation.name,
      date,
      due_at: iso(dueMs),
      state,
      files_wanted: expectation.files,
      files_landed: landed,
      arrived_at: iso(arrivedAtMs),
      cause: cause?.kind ?? null,
      side: cause === undefined ? null : causeSide(cause),
      why: cause === undefined ? null : describeCause(cause, expectation.timeZone),
      paged_at: iso(pagedAtMs),
    })),
  };
}
