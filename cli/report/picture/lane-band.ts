import { formatSize } from '../../format/sizes.ts';
import type { ChunkFigures, TransferFigures } from '../../timeline/figures.ts';
import { type Html, html } from '../html.ts';
import { packLanes } from '../lanes.ts';
import { describeChunkAttempt, type Look, lookOf, speedOf } from './attempt-look.ts';
import type { Band } from './band.ts';
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

/** Every attempt at every chunk, in one lane for each chunk at work at a time. */
export function laneBand(figures: TransferFigures, frame: Frame): Band {
  const lanes = packLanes(figures.chunks);
  const laneHeight = Math.min(
    MAX_LANE_HEIGHT,
    Math.max(MIN_LANE_HEIGHT, Math.floor(USUAL_HEIGHT / lanes.length) - LANE_GAP),
  );
  return {
    label: 'DownloadChunk',
    note: lanes.length === 1 ? 'one at a time' : `up to ${lanes.length} at a time`,
    height: lanes.length * (laneHeight + LANE_GAP) - LANE_GAP,
    draw: (top) =>
      html`${lanes.flatMap((lane, index) =>
        lane.map((chunk) =>
          drawChunk(
            chunk,
            frame,
            { y: top + index * (laneHeight + LANE_GAP), laneHeight },
            figures.medianBytesPerSecond,
          ),
        ),
      )}`,
  };
}

function drawChunk(
  figures: ChunkFigures,
  frame: Frame,
  { y, laneHeight }: { y: number; laneHeight: number },
  medianBytesPerSecond: number | undefined,
): Html {
  const { chunk, bytesPerSecond = 0 } = figures;
  const speed = speedOf(bytesPerSecond, medianBytesPerSecond);
  const size = formatSize(chunk.sizeBytes);
  const middle = y + laneHeight / 2;
  const bars = chunk.attempts.map((attempt, index) => {
    const look = lookOf(attempt, speed);
    const { x, width } = barOf(frame, attempt, look === 'failed' ? MIN_FAILURE_WIDTH : undefined);
    const before = chunk.attempts[index - 1];
    return html`${before && drawWait(xOf(frame, before.endedAtMs), xOf(frame, attempt.startedAtMs), middle)}<rect class="${look}" x="${x}" y="${y}" width="${width}" height="${laneHeight}"${width > 8 && html` rx="2"`}><title>${describeChunkAttempt(figures, attempt, index, size)}</title></rect>${isLast(index, figures) && drawNumber(chunk.number, look, { x, width, middle, laneHeight })}`;
  });
  return html`<g id="chunk-${chunk.number}">${bars}</g>`;
}

function isLast(index: number, { chunk }: ChunkFigures): boolean {
  return index === chunk.attempts.length - 1;
}

/** The pause before a chunk is tried again: its place in the Map stays taken. */
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
