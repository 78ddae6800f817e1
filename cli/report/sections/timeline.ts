import type { TransferFigures } from '../../timeline/figures.ts';
import type { TransferTimeline } from '../../timeline/transfer-timeline.ts';
import { type Content, type Html, html } from '../html.ts';
import { LOOK_MEANINGS, type Look, lookOf, speedOf } from '../picture/attempt-look.ts';
import { timelinePicture } from '../picture/timeline-picture.ts';
import { rateCurveOf } from '../rate-curve.ts';

const COUNTED = 'The rate counts bytes as they were read from the source.';
const EVEN =
  'The rate takes each chunk to have flowed evenly from its start to its end; chunks that did not land are left out.';
const LANES = 'A row of DownloadSegment is one place in the Map: one session at a time.';
const POINTER = 'Rest the pointer on a bar for its figures.';

/** The picture, with a legend of what occurs in it. */
export function timelineFigure(timeline: TransferTimeline, figures: TransferFigures): Html | undefined {
  if (timeline.steps.length === 0 && timeline.segments.length === 0) return undefined;
  const hasChunks = figures.chunks.length > 0;
  const rate = rateCurveOf(timeline, 1);
  return html`<section><h2>Timeline</h2><figure><div class="scroll" role="region" aria-label="Timeline" tabindex="0">${timelinePicture(timeline, figures)}</div>
<figcaption><ul class="legend">${looksIn(timeline, figures).map((look) =>
    legendEntry(html`<rect class="${look}" width="18" height="12" rx="2"/>`, LOOK_MEANINGS[look]),
  )}${hasChunks && legendEntry(html`<path class="mean" d="M0 6H18"/>`, 'mean rate of the whole transfer')}</ul>
<p>${hasChunks && `${rate.isCounted ? COUNTED : EVEN} ${LANES} `}${POINTER}</p></figcaption></figure></section>`;
}

function legendEntry(sample: Html, meaning: Content): Html {
  return html`<li><svg viewBox="0 0 18 12" aria-hidden="true">${sample}</svg>${meaning}</li>`;
}

/** In the order of the legend. The bars of steps need none unless something went wrong in them. */
function looksIn({ segments, steps }: TransferTimeline, figures: TransferFigures): Look[] {
  const inChunks = figures.chunks.map((chunk) => speedOf(chunk, figures));
  const inSegments = segments.flatMap(({ workers }) => workers.map((worker) => lookOf(worker, 'session')));
  const inSteps = steps.filter(({ outcome }) => outcome !== 'succeeded').map((attempt) => lookOf(attempt));
  const found = new Set<Look>([...inChunks, ...inSegments, ...inSteps]);
  return (Object.keys(LOOK_MEANINGS) as Look[]).filter((look) => found.has(look));
}
