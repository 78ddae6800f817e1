import { countOf, formatDuration, formatRate } from '../../format/numbers.ts';
import type { TransferFigures } from '../../timeline/figures.ts';
import type { TransferTimeline } from '../../timeline/transfer-timeline.ts';
import { type Html, html } from '../html.ts';
import { rateCurveOf } from '../rate-curve.ts';
import { timeTicks } from '../ticks.ts';
import type { Band } from './band.ts';
import { type Frame, frameOf, PICTURE_WIDTH, PLOT_LEFT, PLOT_WIDTH, xOf } from './frame.ts';
import { laneBand } from './lane-band.ts';
import { rateBand } from './rate-band.ts';
import { stepBands } from './step-bands.ts';

const MAX_SLICES = 220;
const MAX_TIME_TICKS = 10;
const TOP = 14;
const BAND_GAP = 18;
const STEP_GAP = 8;
const AXIS_HEIGHT = 26;

/** The transfer as one picture: its rate, its steps and its chunks over one axis of time. */
export function timelinePicture(timeline: TransferTimeline, figures: TransferFigures): Html {
  const frame = frameOf(timeline);
  const placed = stack(bandsOf(timeline, figures, frame));
  const bottom = placed.bottom;
  return html`<svg class="timeline" viewBox="0 0 ${PICTURE_WIDTH} ${bottom + AXIS_HEIGHT}" role="img" aria-labelledby="timeline-title timeline-text">
<title id="timeline-title">Timeline of the transfer</title>
<desc id="timeline-text">${describe(figures)}</desc>
<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="5" height="5"/><rect class="hatch-line" width="1.6" height="5"/></pattern></defs>
${drawTimeAxis(frame, bottom)}
${placed.bands.map(
  ({
    band,
    top,
  }) => html`<text class="row" x="0" y="${labelY(band, top)}">${band.label}</text>${band.note && html`<text class="note" x="0" y="${labelY(band, top) + 15}">${band.note}</text>`}${band.draw(top)}
`,
)}</svg>`;
}

function bandsOf(timeline: TransferTimeline, figures: TransferFigures, frame: Frame): Band[] {
  const curve = rateCurveOf(timeline, MAX_SLICES);
  const workers = timeline.segments.flatMap((segment) => segment.workers);
  const firstWorkerMs = workers.reduce((least, worker) => Math.min(least, worker.startedAtMs), Infinity);
  const before = timeline.steps.filter((attempt) => attempt.startedAtMs < firstWorkerMs);
  const after = timeline.steps.filter((attempt) => attempt.startedAtMs >= firstWorkerMs);
  return [
    ...(curve.rates.some((rate) => rate > 0) ? [rateBand(curve, figures.bytesPerSecond)] : []),
    ...stepBands(before, frame),
    ...(timeline.segments.length > 0 ? [laneBand(timeline, figures, frame)] : []),
    ...stepBands(after, frame),
  ];
}

/** Bands below each other; low ones, which are rows of one bar, closer together. */
function stack(bands: readonly Band[]): { bands: { band: Band; top: number }[]; bottom: number } {
  let bottom = TOP;
  const placed = bands.map((band, index) => {
    const previous = bands[index - 1];
    if (previous !== undefined) bottom += isRow(band) && isRow(previous) ? STEP_GAP : BAND_GAP;
    const top = bottom;
    bottom += band.height;
    return { band, top };
  });
  return { bands: placed, bottom: bottom + 6 };
}

function isRow(band: Band): boolean {
  return band.note === undefined;
}

function labelY(band: Band, top: number): number {
  return isRow(band) ? top + band.height / 2 + 4 : top + 12;
}

function drawTimeAxis(frame: Frame, bottom: number): Html {
  const seconds = frame.durationMs / 1_000;
  return html`<g>${timeTicks(seconds, MAX_TIME_TICKS).map(({ value, label }) => {
    const x = xOf(frame, frame.startedAtMs + value * 1_000);
    return html`<path class="grid" d="M${x} ${TOP - 8}V${bottom}"/><text class="time" x="${x}" y="${bottom + 17}">${label}</text>`;
  })}<path class="axis" d="M${PLOT_LEFT} ${bottom}H${PLOT_LEFT + PLOT_WIDTH}"/></g>`;
}

function describe({ landedChunks, bytesPerSecond, seconds, retries }: TransferFigures): string {
  return (
    `${countOf(landedChunks, 'chunk')} landed in ${formatDuration(seconds)}, ` +
    `${formatRate(bytesPerSecond)} on average, ${countOf(retries, 'retry', 'retries')}. ` +
    'The tables below hold the same figures.'
  );
}
