import { runbookOf } from '../../../transfer/runbook.ts';
import { harmlessText } from '../../../transfer/text/harmless-text.ts';
import { formatCount, formatDuration, formatTime } from '../../format/numbers.ts';
import type { TimelineAttempt, TransferTimeline } from '../../timeline/transfer-timeline.ts';
import { type Html, html } from '../html.ts';
import { table } from './table.ts';

const SEGMENTS_SHOWN = 8;
/** Failures at the beginning and at the end that have a row: those between are of the same outage, or of the next. */
const MOST_ROWS_AT_EACH_END = 250;
/** Of a cause in hundreds of rows; the last one of each name is shown whole. */
const MOST_CAUSE_CHARACTERS = 300;

interface ErrorGroup {
  name: string;
  failures: { attempt: TimelineAttempt; segmentNumber?: number }[];
}

/** Every failure on the way, by name; the retried ones too. */
export function errors(timeline: TransferTimeline): Html {
  const groups = groupFailures(timeline);
  if (groups.length === 0) {
    return html`<section><h2>Errors</h2><p>None: every step and every segment succeeded at the first attempt.</p></section>`;
  }
  const since = (ms: number) =>
    html`${formatDuration((ms - timeline.startedAtMs) / 1_000)}<small>${formatTime(ms)}</small>`;
  return html`<section><h2>Errors</h2>${table(
    'Failed attempts by name, those that a retry made good included',
    [
      { title: 'Error', cell: ({ name }) => html`<code>${name}</code>` },
      { title: 'Times', kind: 'number', cell: ({ failures }) => formatCount(failures.length) },
      { title: 'Where', cell: describePlaces },
      {
        title: 'First after',
        kind: 'number',
        cell: ({ failures }) => since(failures[0]?.attempt.endedAtMs ?? 0),
      },
      {
        title: 'Last after',
        kind: 'number',
        cell: ({ failures }) => since(failures.at(-1)?.attempt.endedAtMs ?? 0),
      },
      {
        title: 'Last cause',
        kind: 'long',
        cell: ({ name, failures }) => {
          const runbook = runbookOf(name);
          return html`${failures.at(-1)?.attempt.error?.message}${runbook && html`<small>${runbook}</small>`}`;
        },
      },
    ],
    groups,
  )}${everyFailure(groups)}</section>`;
}

/** One row a failure, in the order of time, to be laid beside the partner's log; of very many the first and the last. */
function everyFailure(groups: readonly ErrorGroup[]): Html {
  const failures = groups
    .flatMap((group) => group.failures)
    .sort((a, b) => a.attempt.endedAtMs - b.attempt.endedAtMs);
  const isCut = failures.length > 2 * MOST_ROWS_AT_EACH_END;
  const rows = isCut
    ? [...failures.slice(0, MOST_ROWS_AT_EACH_END), ...failures.slice(-MOST_ROWS_AT_EACH_END)]
    : failures;
  const title = isCut
    ? `The first and the last ${formatCount(MOST_ROWS_AT_EACH_END)} of ${formatCount(failures.length)} failed attempts`
    : `All ${formatCount(failures.length)} failed attempts`;
  return html`<details><summary>${title}</summary>${table(
    'By time',
    [
      { title: 'Failed at', cell: ({ attempt }) => formatTime(attempt.endedAtMs) },
      {
        title: 'Where',
        cell: ({ attempt, segmentNumber }) =>
          segmentNumber === undefined ? attempt.step : `segment ${segmentNumber}`,
      },
      { title: 'Error', cell: ({ attempt }) => html`<code>${attempt.error?.name}</code>` },
      {
        title: 'Cause',
        kind: 'long',
        cell: ({ attempt }) => harmlessText(attempt.error?.message ?? '', MOST_CAUSE_CHARACTERS),
      },
    ],
    rows,
  )}</details>`;
}

function groupFailures({ steps, segments }: TransferTimeline): ErrorGroup[] {
  const failures = [
    ...steps.map((attempt) => ({ attempt })),
    ...segments.flatMap(({ number, workers }) =>
      workers.map((attempt) => ({ attempt, segmentNumber: number })),
    ),
  ]
    .filter(({ attempt }) => attempt.outcome === 'failed')
    .sort((a, b) => a.attempt.endedAtMs - b.attempt.endedAtMs);
  return [...Map.groupBy(failures, ({ attempt }) => attempt.error?.name ?? 'unknown error')]
    .map(([name, ofName]) => ({ name, failures: ofName }))
    .sort((a, b) => b.failures.length - a.failures.length);
}

function describePlaces({ failures }: ErrorGroup): Html {
  const segments = [
    ...new Set(failures.flatMap(({ segmentNumber }) => (segmentNumber === undefined ? [] : [segmentNumber]))),
  ];
  const steps = new Set(
    failures.flatMap(({ attempt, segmentNumber }) => (segmentNumber === undefined ? [attempt.step] : [])),
  );
  const shown = segments
    .slice(0, SEGMENTS_SHOWN)
    .map((number, index) => html`${index > 0 && ', '}<a href="#segment-${number}">${number}</a>`);
  const more = segments.length - SEGMENTS_SHOWN;
  return html`${[...steps].join(', ')}${steps.size > 0 && segments.length > 0 && ', '}${segments.length > 0 && html`${segments.length === 1 ? 'segment ' : 'segments '}${shown}${more > 0 && ` and ${formatCount(more)} more`}`}`;
}
