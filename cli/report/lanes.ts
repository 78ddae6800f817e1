/** Something that takes a while. */
export interface Span {
  startedAtMs: number;
  endedAtMs: number;
}

/** Clocks of two machines, or rounding, may let a span begin this much before its predecessor ended. */
const OVERLAP_TOLERANCE_MS = 20;

/**
 * Lays spans side by side in as few lanes as hold them without overlap: those of a Map give one lane for each
 * concurrent iteration.
 * @returns the spans of each lane, in the order of their start
 */
export function packLanes<T extends Span>(spans: readonly T[]): T[][] {
  const lanes: T[][] = [];
  for (const span of spans.toSorted((a, b) => a.startedAtMs - b.startedAtMs)) {
    const free = lanes.find(
      (lane) => (lane.at(-1)?.endedAtMs ?? 0) <= span.startedAtMs + OVERLAP_TOLERANCE_MS,
    );
    if (free === undefined) lanes.push([span]);
    else free.push(span);
  }
  return lanes;
}
