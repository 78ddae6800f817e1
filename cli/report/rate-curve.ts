import type { TransferTimeline } from '../timeline/transfer-timeline.ts';

/** Bytes read in equal slices of the transfer's time, as rates. */
export interface RateCurve {
  /** Bytes a second in each slice. */
  rates: readonly number[];
  /** True when the bytes were counted as they came; else each chunk is taken to have flowed evenly. */
  isCounted: boolean;
}

/** Shorter slices than this would show the counting, not the transfer. */
const MIN_SLICE_MS = 250;

/** Cuts the transfer's time into at most `maxSlices` slices. */
export function rateCurveOf(timeline: TransferTimeline, maxSlices: number): RateCurve {
  const { startedAtMs, endedAtMs, bytesRead } = timeline;
  const durationMs = Math.max(endedAtMs - startedAtMs, 1);
  const slices = Math.max(1, Math.min(maxSlices, Math.floor(durationMs / MIN_SLICE_MS)));
  const sliceMs = durationMs / slices;
  const flows =
    bytesRead === undefined || bytesRead.length === 0 ? flowsOfChunks(timeline) : flowsOfCounts(timeline);
  const bytes = new Float64Array(slices);
  for (const { fromMs, toMs, sizeBytes } of flows) {
    spread(bytes, (fromMs - startedAtMs) / sliceMs, (toMs - startedAtMs) / sliceMs, sizeBytes);
  }
  return {
    rates: [...bytes].map((inSlice) => (inSlice * 1_000) / sliceMs),
    isCounted: bytesRead !== undefined && bytesRead.length > 0,
  };
}

/** Bytes that came evenly between two points in time. */
interface Flow {
  fromMs: number;
  toMs: number;
  sizeBytes: number;
}

function flowsOfCounts({ startedAtMs, bytesRead = [] }: TransferTimeline): Flow[] {
  return bytesRead.map(({ atMs, totalBytes }, index) => {
    const before = bytesRead[index - 1] ?? { atMs: startedAtMs, totalBytes: 0 };
    return { fromMs: before.atMs, toMs: atMs, sizeBytes: totalBytes - before.totalBytes };
  });
}

function flowsOfChunks({ chunks }: TransferTimeline): Flow[] {
  return chunks.map(({ startedAtMs, endedAtMs, sizeBytes }) => ({
    fromMs: startedAtMs,
    toMs: endedAtMs,
    sizeBytes,
  }));
}

/** Adds `sizeBytes` to the slices between two positions, counted in slices. */
function spread(slices: Float64Array, from: number, to: number, sizeBytes: number): void {
  const start = Math.min(Math.max(from, 0), slices.length);
  const end = Math.min(Math.max(to, start), slices.length);
  const first = Math.min(Math.floor(start), slices.length - 1);
  if (end - start < 1e-9) {
    slices[first] = (slices[first] ?? 0) + sizeBytes;
    return;
  }
  for (let index = first; index < end; index += 1) {
    const share = (Math.min(index + 1, end) - Math.max(index, start)) / (end - start);
    slices[index] = (slices[index] ?? 0) + sizeBytes * share;
  }
}
