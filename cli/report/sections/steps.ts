import { formatDuration } from '../../format/numbers.ts';
import { secondsOf } from '../../timeline/figures.ts';
import type { TransferTimeline } from '../../timeline/transfer-timeline.ts';
import { type Html, html } from '../html.ts';
import { describeEnd } from '../picture/attempt-look.ts';
import { table } from './table.ts';

/** The states that work on the whole file, with each of their attempts. */
export function steps({ startedAtMs, steps: attempts }: TransferTimeline): Html | undefined {
  if (attempts.length === 0) return undefined;
  return html`<details><summary>Steps of the workflow</summary>${table(
    'Runs in the order of their start',
    [
      { title: 'Step', cell: ({ step }) => step },
      {
        title: 'Began after',
        kind: 'number',
        cell: (run) => formatDuration((run.startedAtMs - startedAtMs) / 1_000),
      },
      { title: 'Took', kind: 'number', cell: (run) => formatDuration(secondsOf(run)) },
      { title: 'Outcome', kind: 'long', cell: describeEnd },
    ],
    attempts,
  )}</details>`;
}
