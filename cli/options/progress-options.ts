import type { Command } from 'commander';
import { DEFAULT_PROGRESS_INTERVAL_SECONDS } from '../terminal/progress-display.ts';
import { countBetween } from './transfer-options.ts';

const MAX_INTERVAL_SECONDS = 86_400;

export interface ProgressFlags {
  /** Seconds. */
  progressInterval: number;
}

/** The option of every command that follows a transfer. */
export function addProgressOption(command: Command): Command {
  return command.option(
    '--progress-interval <seconds>',
    'between two lines of progress where stderr is not a terminal; 0 for none',
    countBetween(0, MAX_INTERVAL_SECONDS),
    DEFAULT_PROGRESS_INTERVAL_SECONDS,
  );
}
