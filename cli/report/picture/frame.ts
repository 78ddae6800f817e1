import type { TransferTimeline } from '../../timeline/transfer-timeline.ts';

/** Width of the whole picture, in its own units; the page scales it. */
export const PICTURE_WIDTH = 1_040;
/** The names of the rows are left of the plot. */
export const PLOT_LEFT = 148;
const PLOT_RIGHT = PICTURE_WIDTH - 12;
export const PLOT_WIDTH = PLOT_RIGHT - PLOT_LEFT;
/** Shorter than this nothing is seen. */
const MIN_BAR_WIDTH = 1.5;
/** What must not be overlooked among 2,000 bars. */
export const MIN_FAILURE_WIDTH = 4;

/** Where a point in time is drawn; one for all bands of a picture. */
export interface Frame {
  startedAtMs: number;
  durationMs: number;
}

export function frameOf({ startedAtMs, endedAtMs }: TransferTimeline): Frame {
  return { startedAtMs, durationMs: Math.max(endedAtMs - startedAtMs, 1) };
}

export function xOf(frame: Frame, ms: number): number {
  const share = (ms - frame.startedAtMs) / frame.durationMs;
  return round(PLOT_LEFT + PLOT_WIDTH * Math.min(Math.max(share, 0), 1));
}

/** Left edge and width of a bar; neighbours that are wide enough are kept apart. */
export function barOf(
  frame: Frame,
  span: { startedAtMs: number; endedAtMs: number },
  minWidth = MIN_BAR_WIDTH,
): { x: number; width: number } {
  const x = xOf(frame, span.startedAtMs);
  const full = xOf(frame, span.endedAtMs) - x;
  const gap = full > 8 ? 1.5 : full > 3 ? 0.5 : 0;
  const width = Math.max(full - gap, minWidth);
  return { x: round(Math.min(x, PLOT_RIGHT - minWidth)), width: round(width) };
}

/** Enough digits for a screen; more would add up in 2,000 bars. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
