import type { SegmentProgress } from '../../transfer/contracts.ts';
import { connectDelayMs } from './connect-delay.ts';
import type { DownloadSegmentEvent } from './event.ts';
import { tooSlow } from './segment-errors.ts';
import { type DownloadPorts, SegmentWorker, type WorkerTime } from './segment-worker.ts';

/**
 * Copies the chunks of one segment into the S3 parts of the same numbers, over one session that is kept busy: the next
 * chunk is read while S3 still works on the one before. Parts that S3 has already are passed over. When its time is
 * nearly over it ends after the chunk in hand and returns where the next worker begins.
 * @throws SourceChangedError | SftpConnectionError | SftpStalledError | SftpRequestFailedError | UploadGoneError | UploadFailedError;
 *   ChunkDeadlineError when not even one chunk could be copied in the time; TransferTooSlowError when something is
 *   left and no further worker may be started; the other errors of connecting
 */
export async function downloadSegment(
  event: DownloadSegmentEvent,
  ports: DownloadPorts,
  time: WorkerTime,
): Promise<SegmentProgress> {
  const { file, segment } = event;
  const start = { segmentNumber: segment.segment_number, maxConcurrency: file.max_concurrency };
  await ports.clock.sleep(connectDelayMs(start, ports.random()), time.signal);
  const worker = new SegmentWorker(event, ports, time);
  const progress = await worker.run();
  if (progress.next_chunk !== null && progress.workers_left === 0) throw tooSlow(event, progress);
  return progress;
}
