import type { Chunk, SegmentProgress } from '../../transfer/contracts.ts';
import { ChunkDeadlineError, TransferTooSlowError } from '../../transfer/errors.ts';
import { LAMBDA_MAX_TIMEOUT_SECONDS, STEP_FUNCTIONS_MAX_HISTORY_EVENTS } from '../../transfer/limits.ts';
import { MIB } from '../../transfer/text/units.ts';
import type { DownloadSegmentEvent } from './event.ts';

/** How far a worker had come when its time was nearly over. */
interface CutOff {
  /** The chunk in hand, if one had been begun. */
  chunk?: Chunk;
  bytesRead: number;
  startedAtMs: number;
  nowMs: number;
}

/** Not even one chunk could be copied in a worker's whole time. */
export function chunkDeadline({ chunk, bytesRead, startedAtMs, nowMs }: CutOff): ChunkDeadlineError {
  const seconds = (nowMs - startedAtMs) / 1000;
  const mibPerSecond = bytesRead / MIB / Math.max(seconds, 0.001);
  const what =
    chunk === undefined
      ? 'no chunk could be begun'
      : `chunk ${chunk.chunk_number}: ${bytesRead} of ${chunk.end_byte - chunk.start_byte} bytes read`;
  return new ChunkDeadlineError(
    `${what} in ${seconds.toFixed(0)} s (${mibPerSecond.toFixed(2)} MiB/s) when the function's time was nearly ` +
      `over. Request a smaller chunk_size_bytes, or raise the function timeout (at most ${LAMBDA_MAX_TIMEOUT_SECONDS} s).`,
  );
}

/** Something is left of the segment, and no further worker may be started. */
export function tooSlow({ segment }: DownloadSegmentEvent, progress: SegmentProgress): TransferTooSlowError {
  return new TransferTooSlowError(
    `segment ${segment.segment_number}: chunks ${progress.next_chunk} to ${segment.last_chunk} are left, and the ` +
      `execution's history (${STEP_FUNCTIONS_MAX_HISTORY_EVENTS.toLocaleString('en-US')} events) has no room for further workers. Raise the function timeout (at most ` +
      `${LAMBDA_MAX_TIMEOUT_SECONDS} s), so that each worker reads more, or find out what makes the line slow.`,
  );
}
