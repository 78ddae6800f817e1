import type { Command } from 'commander';
import { DEFAULT_LOCAL_PATIENCE_MINUTES, MAX_PATIENCE_MINUTES } from '../../transfer/patience.ts';
import { countBetween } from './transfer-options.ts';

export interface PatienceFlags {
  /** Minutes. */
  patience: number;
}

/** How long somebody who looks on waits for a partner. */
export function addPatienceOption(command: Command): Command {
  return command.option(
    '--patience <minutes>',
    'how long to wait for a server that cannot be reached, trying again soon and then once a minute; 0 fails at the first loss',
    countBetween(0, MAX_PATIENCE_MINUTES),
    DEFAULT_LOCAL_PATIENCE_MINUTES,
  );
}
