import type { BoardLine } from '../../expectations/board.ts';
import { causeSide, causeTitle, describeCause, wallTime } from '../../expectations/describe-cause.ts';
import { wrap } from '../../transfer/text/wrap.ts';
import { textTable } from '../format/text-table.ts';

const ABSENT = '–';
const TITLES = ['EXPECTATION', 'DATE', 'BY', 'STATE', 'FILES', 'LANDED', 'WHY NOT'] as const;

/**
 * The board: a table, and below it a sentence for each file that is missing.
 * @param columns of the terminal
 */
export function describeBoard(lines: readonly BoardLine[], columns: number): string {
  const zones = new Set(lines.map(({ expectation }) => expectation.timeZone));
  const [zone] = zones;
  const isOneZone = zones.size === 1;
  const table = textTable(
    TITLES,
    lines.map((line) => cellsOf(line, isOneZone ? '' : ` ${line.expectation.timeZone}`)),
  );
  const sentences = lines.flatMap(({ expectation: { name, timeZone }, cause }) =>
    cause === undefined
      ? []
      : [`${name}: ${causeTitle(cause)}. ${describeCause(cause, timeZone)} Whose side: ${causeSide(cause)}.`],
  );
  return [
    table,
    ...(isOneZone ? [`Times are by the clock of ${zone}.`] : []),
    ...(sentences.length === 0 ? [] : ['', ...sentences.map((sentence) => wrap(sentence, columns))]),
  ].join('\n');
}

function cellsOf(
  { expectation, date, state, dueMs, arrivedAtMs, landed, cause }: BoardLine,
  shownZone: string,
): string[] {
  const { name, timeZone, files } = expectation;
  /** The date is that of the line, where it is not shown. */
  const at = (ms: number): string => {
    const [day = '', time = ''] = wallTime(ms, timeZone).split(' ');
    return day === date ? time : `${day} ${time}`;
  };
  return [
    name,
    date,
    dueMs === undefined ? ABSENT : `${at(dueMs)}${shownZone}`,
    state === 'NOT-EXPECTED' ? 'not expected' : state,
    state === 'NOT-EXPECTED' ? ABSENT : `${landed} of ${files}`,
    arrivedAtMs === undefined ? ABSENT : at(arrivedAtMs),
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
