import type { TransferProgress } from './progress-line.ts';
import { RateMeter } from './rate-meter.ts';

/** Progress from nothing on, whose rate is measured whenever it is drawn: it falls to 0 when nothing comes. */
export function meteredProgress(nowMs: () => number): TransferProgress {
  const meter = new RateMeter();
  return {
    doneBytes: 0,
    sizeBytes: 0,
    get bytesPerSecond() {
      return meter.measure(nowMs(), this.doneBytes);
    },
    chunksDone: 0,
    chunkCount: undefined,
    retries: 0,
  };
}
