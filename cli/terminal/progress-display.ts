import type { ProgressDisplay } from './progress-line.ts';
import { ProgressLog } from './progress-log.ts';
import { canRedraw } from './terminal-kind.ts';
import { TransferBar } from './transfer-bar.ts';

/** Seconds between two lines where stderr is not a terminal. */
export const DEFAULT_PROGRESS_INTERVAL_SECONDS = 60;

/**
 * A line that is redrawn on a terminal; elsewhere a line every `intervalSeconds`, or where that is 0 only what goes
 * wrong.
 */
export function progressDisplay(stream: NodeJS.WriteStream, intervalSeconds: number): ProgressDisplay {
  if (canRedraw(stream, process.env)) return new TransferBar(stream);
  return new ProgressLog((line) => stream.write(line), intervalSeconds * 1_000);
}
