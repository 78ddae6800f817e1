import type { TransferProgress } from './progress-line.ts';
import { ProgressLog } from './progress-log.ts';
import { TransferBar } from './transfer-bar.ts';

/** Shows how far a transfer is. */
export interface ProgressDisplay {
  /** The object may change afterwards: what it says then is what is shown. */
  draw(progress: TransferProgress): void;
  /** Nothing is shown any more; the cursor is back. Safe to call twice. */
  stop(): void;
}

/** Seconds between two lines where stderr is not a terminal. */
export const DEFAULT_PROGRESS_INTERVAL_SECONDS = 60;

/** A line that is redrawn on a terminal; elsewhere a line every `intervalSeconds`, or none where that is 0. */
export function progressDisplay(
  stream: NodeJS.WriteStream,
  intervalSeconds: number,
): ProgressDisplay | undefined {
  if (stream.isTTY) return new TransferBar(stream);
  if (intervalSeconds === 0) return undefined;
  return new ProgressLog((line) => stream.write(line), intervalSeconds * 1_000);
}
