import { formatSize } from '../../format/sizes.ts';
import type { TransferFigures } from '../../timeline/figures.ts';
import type { TimelineSegment, TransferTimeline } from '../../timeline/transfer-timeline.ts';
import { type Html, html } from '../html.ts';
import { packLanes } from '../lanes.ts';
import {
  describeChunks,
  describeWorker,
  type Look,
  lookOf,
  speedOf,
  type UsualChunk,
} from './attempt-look.ts';
import type { Band } from './band.ts';
import { type ChunkBar, chunkBars, togetherIn } from './chunk-bars.ts';
import { barOf, type Frame, MIN_FAILURE_WIDTH, xOf } from './frame.ts';

const LANE_GAP = 3;
const MAX_LANE_HEIGHT = 26;
const MIN_LANE_HEIGHT = 11;
/** Lanes of usual transfers share this much; more lanes make the picture higher. */
const USUAL_HEIGHT = 260;
/** A digit of a bar's label, and the room around it. */
const DIGIT_WIDTH = 6.6;
const LABEL_ROOM = 8;
const MIN_LABEL_LANE_HEIGHT = 14;

/** A segment with the chunks that its workers copied, in bars in the order of their start. */
interface DrawnSegment {
  segment: TimelineSegment;
  bars: readonly ChunkBar[];
  startedAtMs: number;
  endedAtMs: number;
}

/** Where a lane is drawn. */
interface Lane {
  y: number;
  laneHeight: number;
}

/** The workers of every segment and the chunks that they copied, in one lane for each worker at a time. */
export function laneBand(timeline: TransferTimeline, figures: TransferFigures, frame: Frame): Band {
  const lanes = packLanes(drawnSegments(timeline, figures));
  const laneHeight = Math.min(
    MAX_LANE_HEIGHT,
    Math.max(MIN_LANE_HEIGHT, Math.floor(USUAL_HEIGHT / lanes.length) - LANE_GAP),
  );
  return {
    label: 'DownloadSegment',
    note: lanes.length === 1 ? 'one at a time' : `up to ${lanes.length} at a time`,
    height: lanes.length * (laneHeight + LANE_GAP) - LANE_GAP,
    draw: (top) =>
      html`${lanes.flatMap((lane, index) =>
        lane.map((drawn) =>
          drawSegment(drawn, frame, { y: top + index * (laneHeight + LANE_GAP), laneHeight }, figures),
        ),
      )}`,
  };
}

function drawnSegments(timeline: TransferTimeline, figures: TransferFigures): DrawnSegment[] {
  const chunksOf = Map.groupBy(figures.chunks, ({ chunk }) => chunk.segmentNumber);
  return timeline.segments.map((segment) => ({
    segment,
    bars: chunkBars(chunksOf.get(segment.number) ?? [], figures.chunks.length),
    startedAtMs: Math.min(...segment.workers.map((worker) => worker.startedAtMs)),
    endedAtMs: Math.max(...segment.workers.map((worker) => worker.endedAtMs)),
  }));
}

function drawSegment(
  { segment, bars: chunkBarsOfSegment }: DrawnSegment,
  frame: Frame,
  lane: Lane,
  usual: UsualChunk,
): Html {
  const workers = segment.workers.map((worker, index) => {
    const look = lookOf(worker, 'session');
    const { x, width } = barOf(frame, worker, look === 'failed' ? MIN_FAILURE_WIDTH : undefined);
    const before = segment.workers[index - 1];
    const middle = lane.y + lane.laneHeight / 2;
    return html`${before && drawWait(xOf(frame, before.endedAtMs), xOf(frame, worker.startedAtMs), middle)}<rect class="${look}" x="${x}" y="${lane.y}" width="${width}" height="${lane.laneHeight}"${width > 8 && html` rx="2"`}><title>${describeWorker(segment, worker, index)}</title></rect>`;
  });
  const bars = chunkBarsOfSegment.map((bar, index) => {
    // The next chunk is read while S3 still works on this one: where both are drawn, the next one covers it.
    const nextMs = chunkBarsOfSegment[index + 1]?.chunks[0].startedAtMs ?? Number.POSITIVE_INFINITY;
    return drawChunks(bar, nextMs, frame, lane, usual);
  });
  return html`<g id="segment-${segment.number}">${workers}${bars}</g>`;
}

function drawChunks(
  bar: ChunkBar,
  nextMs: number,
  frame: Frame,
  { y, laneHeight }: Lane,
  usual: UsualChunk,
): Html {
  const figures = togetherIn(bar);
  const { chunk, startedAtMs } = figures;
  const look = speedOf(figures, usual);
  const { x, width } = barOf(frame, { startedAtMs, endedAtMs: Math.min(figures.endedAtMs, nextMs) });
  const last = bar.chunks.at(-1)?.chunk.number ?? chunk.number;
  const text = describeChunks(figures, last, formatSize(chunk.sizeBytes));
  return html`<g id="${bar.id}"><rect class="${look}" x="${x}" y="${y}" width="${width}" height="${laneHeight}"${width > 8 && html` rx="2"`}><title>${text}</title></rect>${drawNumber(chunk.number, look, { x, width, middle: y + laneHeight / 2, laneHeight })}</g>`;
}

/** The pause before a segment is tried again: its place in the Map stays taken. */
function drawWait(from: number, to: number, y: number): Html | undefined {
  return to - from < 1 ? undefined : html`<path class="wait" d="M${from} ${y}H${to}"/>`;
}

function drawNumber(
  number: number,
  look: Look,
  bar: { x: number; width: number; middle: number; laneHeight: number },
): Html | undefined {
  const needed = String(number).length * DIGIT_WIDTH + LABEL_ROOM;
  if (bar.width < needed || bar.laneHeight < MIN_LABEL_LANE_HEIGHT) return undefined;
  return html`<text class="on-${look}" x="${bar.x + bar.width / 2}" y="${bar.middle + 4}">${number}</text>`;
}
