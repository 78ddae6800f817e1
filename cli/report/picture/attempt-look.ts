import { formatDuration, formatRate } from '../../format/numbers.ts';
import { type ChunkFigures, secondsOf, wasTurnedAway } from '../../timeline/figures.ts';
import type { TimelineAttempt } from '../../timeline/transfer-timeline.ts';

/** How a bar is drawn; the style sheet and the legend have one entry for each. */
export type Look =
  | 'much-slower'
  | 'slower'
  | 'usual'
  | 'faster'
  | 'failed'
  | 'waiting'
  | 'cancelled'
  | 'running';

export const LOOK_MEANINGS: Readonly<Record<Look, string>> = {
  faster: 'faster than 1.25 × the median',
  usual: 'landed at the usual rate',
  slower: 'slower than 0.8 × the median',
  'much-slower': 'slower than half the median',
  failed: 'failed, then tried again or given up',
  waiting: 'turned away: all sessions in use',
  cancelled: 'cancelled',
  running: 'still running',
};

/** Shares of the median rate at which a chunk counts as slow or fast. */
const MUCH_SLOWER = 0.5;
const SLOWER = 0.8;
const FASTER = 1.25;

export function speedOf(bytesPerSecond: number, median: number | undefined): Look {
  const share = median === undefined || median === 0 ? 1 : bytesPerSecond / median;
  if (share < MUCH_SLOWER) return 'much-slower';
  if (share < SLOWER) return 'slower';
  return share > FASTER ? 'faster' : 'usual';
}

/** The look of one attempt at a chunk; at a step when `speed` is left out. */
export function lookOf(attempt: TimelineAttempt, speed: Look = 'usual'): Look {
  if (attempt.outcome === 'succeeded') return speed;
  if (attempt.outcome === 'failed') return wasTurnedAway(attempt) ? 'waiting' : 'failed';
  return attempt.outcome;
}

/** What a pointer that rests on the bar is told. */
export function describeChunkAttempt(
  figures: ChunkFigures,
  attempt: TimelineAttempt,
  index: number,
  size: string,
): string {
  const { chunk, bytesPerSecond } = figures;
  const attempts = chunk.attempts.length;
  const which = attempts > 1 ? `, attempt ${index + 1} of ${attempts}` : '';
  const end =
    attempt.outcome === 'succeeded'
      ? `${size} in ${formatDuration(secondsOf(attempt))}, ${formatRate(bytesPerSecond ?? 0)}`
      : describeEnd(attempt);
  return `Chunk ${chunk.number}${which}: ${end}`;
}

export function describeEnd(attempt: TimelineAttempt): string {
  const after = formatDuration(secondsOf(attempt));
  if (attempt.outcome === 'succeeded') return `done in ${after}`;
  if (attempt.outcome === 'running') return `running for ${after}`;
  if (wasTurnedAway(attempt)) return 'turned away, all sessions in use';
  if (attempt.outcome === 'cancelled') return `cancelled after ${after}`;
  return `failed after ${after}: ${attempt.error?.name ?? 'unknown error'}`;
}
