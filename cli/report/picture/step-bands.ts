import type { TimelineAttempt } from '../../timeline/transfer-timeline.ts';
import { html } from '../html.ts';
import { describeEnd, lookOf } from './attempt-look.ts';
import type { Band } from './band.ts';
import { barOf, type Frame } from './frame.ts';

const STEP_HEIGHT = 12;
const MIN_WIDTH = 3;

/** A row for each state, with a bar for each of its attempts; states in the order of their start. */
export function stepBands(attempts: readonly TimelineAttempt[], frame: Frame): Band[] {
  return [...Map.groupBy(attempts, ({ step }) => step)].map(([step, ofStep]) => ({
    label: step,
    height: STEP_HEIGHT,
    draw: (top) =>
      html`${ofStep.map((attempt, index) => {
        const { x, width } = barOf(frame, attempt, MIN_WIDTH);
        const which = ofStep.length > 1 ? `, attempt ${index + 1} of ${ofStep.length}` : '';
        return html`<rect class="${lookOf(attempt)} step" x="${x}" y="${top}" width="${width}" height="${STEP_HEIGHT}" rx="1.5"><title>${step}${which}: ${describeEnd(attempt)}</title></rect>`;
      })}`,
  }));
}
