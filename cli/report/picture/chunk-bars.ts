import type { ChunkFigures } from '../../timeline/figures.ts';

/** More bars are not seen apart, and make a page that is too large for a mail. */
const MOST_BARS = 2_000;
/** Between the chunks of one worker there is less: a bar over more would cover the failure of a worker. */
const MOST_PAUSE_MS = 1_000;

/** A chunk, or some of one segment that follow each other. */
export interface ChunkBar {
  /** Links to each of its chunks point to it. */
  id: string;
  chunks: readonly [ChunkFigures, ...ChunkFigures[]];
}

/**
 * The chunks of one segment in bars, in the order of their start: a bar for each chunk, or for some together where the
 * transfer has more chunks than are seen apart.
 */
export function chunkBars(ofSegment: readonly ChunkFigures[], chunksOfTransfer: number): ChunkBar[] {
  const chunksPerBar = Math.max(1, Math.ceil(chunksOfTransfer / MOST_BARS));
  const byStart = ofSegment.toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  const bars: { id: string; chunks: [ChunkFigures, ...ChunkFigures[]] }[] = [];
  for (const figures of byStart) {
    const last = bars.at(-1)?.chunks;
    const pauseMs = figures.startedAtMs - (last?.at(-1)?.endedAtMs ?? Number.NEGATIVE_INFINITY);
    if (last !== undefined && last.length < chunksPerBar && pauseMs <= MOST_PAUSE_MS) last.push(figures);
    else bars.push({ id: `chunk-${figures.chunk.number}`, chunks: [figures] });
  }
  return bars;
}

/** The bar in which each chunk is drawn, by the chunk's number. */
export function barIds(chunks: readonly ChunkFigures[]): ReadonlyMap<number, string> {
  const segments = [...Map.groupBy(chunks, ({ chunk }) => chunk.segmentNumber).values()];
  const bars = segments.flatMap((ofSegment) => chunkBars(ofSegment, chunks.length));
  return new Map(bars.flatMap((bar) => bar.chunks.map(({ chunk }) => [chunk.number, bar.id])));
}

/** The chunks of a bar as if they were one. */
export function togetherIn({ chunks }: ChunkBar): ChunkFigures {
  const [first, ...more] = chunks;
  if (more.length === 0) return first;
  const sizeBytes = chunks.reduce((sum, { chunk }) => sum + chunk.sizeBytes, 0);
  const endedAtMs = chunks.reduce((latest, one) => Math.max(latest, one.endedAtMs), 0);
  const seconds = (endedAtMs - first.startedAtMs) / 1_000;
  const waits = chunks.map(({ chunk }) => chunk.waits).filter((each) => each !== undefined);
  const { waits: _, ...chunk } = first.chunk;
  return {
    chunk: {
      ...chunk,
      sizeBytes,
      endedAtMs,
      ...(waits.length === chunks.length && {
        waits: {
          sftpMs: waits.reduce((sum, { sftpMs }) => sum + sftpMs, 0),
          s3Ms: waits.reduce((sum, { s3Ms }) => sum + s3Ms, 0),
        },
      }),
    },
    startedAtMs: first.startedAtMs,
    endedAtMs,
    seconds,
    bytesPerSecond: sizeBytes / Math.max(seconds, 0.001),
  };
}
