import { MIB } from '../../transfer/text/units.ts';

/** Three chunks of this size are read again within a minute on most lines; of larger ones only one is. */
const MAX_SAMPLED_BYTES_EACH = 64 * MIB;

/**
 * The finished chunks that are read again: the first, the last and one at random, ascending; one at random where they
 * are larger than MAX_SAMPLED_BYTES_EACH.
 * @param finished numbers of chunks, ascending
 * @param random uniform in [0, 1)
 */
export function chooseSample(finished: readonly number[], chunkSizeBytes: number, random: number): number[] {
  const first = finished[0];
  const last = finished.at(-1);
  if (first === undefined || last === undefined) return [];
  if (chunkSizeBytes > MAX_SAMPLED_BYTES_EACH) return [drawn(finished, random)];
  const between = finished.slice(1, -1);
  const sample = between.length === 0 ? [first, last] : [first, drawn(between, random), last];
  return [...new Set(sample)];
}

function drawn(numbers: readonly number[], random: number): number {
  return numbers[Math.floor(random * numbers.length)] as number;
}
