import { countOf, formatDuration, formatRate } from '../../format/numbers.ts';
import { type ChunkFigures, secondsOf, type TransferFigures, wasTurnedAway } from '../../timeline/figures.ts';
import type { TimelineAttempt, TimelineSegment, TimelineWorker } from '../../timeline/transfer-timeline.ts';

/** How a bar is drawn; the style sheet and the legend have one entry for each. */
export type Look =
  | 'much-slower'
  | 'slower'
  | 'usual'
  | 'faster'
  | 'session'
  | 'failed'
  | 'waiting'
  | 'cancelled'
  | 'running';

export const LOOK_MEANINGS: Readonly<Record<Look, string>> = {
  faster: 'faster than 1.25 × the median',
  usual: 'landed at the usual rate',
  slower: 'slower than 0.8 × the median',
  'much-slower': 'slower than half the median',
  session: 'a session between its chunks: connecting, waiting for S3',
  failed: 'failed, then tried again or given up',
  waiting: 'turned away: all sessions in use',
  cancelled: 'cancelled',
  running: 'still running',
};

/** Shares of the median rate at which a chunk counts as slow or fast. */
const MUCH_SLOWER = 0.5;
const SLOWER = 0.8;
const FASTER = 1.25;

/** What a chunk is compared with. */
export type UsualChunk = Pick<TransferFigures, 'medianBytesPerSecond' | 'chunkSeconds'>;

/** A short rest of a file pays the same round trips as a whole chunk: it is slow only if it took longer than one, too. */
export function speedOf(
  { bytesPerSecond, seconds }: Pick<ChunkFigures, 'bytesPerSecond' | 'seconds'>,
  { medianBytesPerSecond, chunkSeconds }: UsualChunk,
): Look {
  const share = medianBytesPerSecond ? bytesPerSecond / medianBytesPerSecond : 1;
  if (share > FASTER) return 'faster';
  if (share >= SLOWER || seconds < (chunkSeconds?.p50 ?? 0)) return 'usual';
  return share < MUCH_SLOWER ? 'much-slower' : 'slower';
}

/** The look of one attempt at a step, or of a worker's. */
export function lookOf(attempt: TimelineAttempt, speed: Look = 'usual'): Look {
  if (attempt.outcome === 'succeeded') return speed;
  if (attempt.outcome === 'failed') return wasTurnedAway(attempt) ? 'waiting' : 'failed';
  return attempt.outcome;
}

/**
 * What a pointer that rests on a bar of chunks shows.
 * @param last number of the last of them; of a bar for one chunk, its own
 */
export function describeChunks(
  { chunk, seconds, bytesPerSecond }: ChunkFigures,
  last: number,
  size: string,
): string {
  const which = last === chunk.number ? `Chunk ${last}` : `Chunks ${chunk.number} to ${last}`;
  const end = `${which}: ${size} in ${formatDuration(seconds)}, ${formatRate(bytesPerSecond)}`;
  if (chunk.waits === undefined) return `${end}; estimated, its worker failed later`;
  const { sftpMs, s3Ms } = chunk.waits;
  return `${end}; waited ${formatDuration(sftpMs / 1_000)} for the server, ${formatDuration(s3Ms / 1_000)} for S3`;
}

/** What a pointer that rests on a worker's bar shows. */
export function describeWorker(segment: TimelineSegment, worker: TimelineWorker, index: number): string {
  const workers = segment.workers.length;
  const which = workers > 1 ? `, worker ${index + 1} of ${workers}` : '';
  const logins = worker.logins === undefined ? '' : `, ${countOf(worker.logins, 'login')}`;
  return `Segment ${segment.number}${which}: ${describeEnd(worker)}${logins}`;
}

export function describeEnd(attempt: TimelineAttempt): string {
  const after = formatDuration(secondsOf(attempt));
  if (attempt.outcome === 'succeeded') return `done in ${after}`;
  if (attempt.outcome === 'running') return `running for ${after}`;
  if (wasTurnedAway(attempt)) return 'turned away, all sessions in use';
  if (attempt.outcome === 'cancelled') return `cancelled after ${after}`;
  return `failed after ${after}: ${attempt.error?.name ?? 'unknown error'}`;
}
