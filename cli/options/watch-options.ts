import { type Command, InvalidArgumentError } from 'commander';
import { shellWordIfNeeded } from '../format/shell-word.ts';
import type { WatchOptions } from '../watch-transfer.ts';
import type { AwsFlags } from './aws-options.ts';
import { addProgressOption, type ProgressFlags } from './progress-options.ts';

const DEFAULT_INTERVAL_S = 2;
const MIN_INTERVAL_S = 0.1;
const MAX_INTERVAL_S = 3_600;

/** What the options of `addWatchOptions` come to. */
export interface WatchFlags extends AwsFlags, ProgressFlags {
  /** Seconds. */
  interval: number;
  json?: true;
}

export function addWatchOptions(command: Command): Command {
  return addProgressOption(command)
    .option('--interval <seconds>', 'between two polls of the execution', seconds, DEFAULT_INTERVAL_S)
    .option('--json', 'print one JSON object as the last line');
}

export function watchOptionsFor(executionArn: string, flags: WatchFlags): WatchOptions {
  const where = whereAgain(flags);
  return {
    intervalMs: flags.interval * 1000,
    json: flags.json === true,
    progressInterval: flags.progressInterval,
    watchAgain: `npx sftp-to-s3 watch ${executionArn}${where}`,
    stop: `npx sftp-to-s3 stop ${executionArn}${where}`,
  };
}

/** The options that a second command needs to ask the same AWS. */
function whereAgain({ endpointUrl, profile }: AwsFlags): string {
  const endpoint = endpointUrl === undefined ? '' : ` --endpoint-url ${shellWordIfNeeded(endpointUrl)}`;
  return profile === undefined ? endpoint : `${endpoint} --profile ${shellWordIfNeeded(profile)}`;
}

function seconds(text: string): number {
  const value = Number(text);
  if (value >= MIN_INTERVAL_S && value <= MAX_INTERVAL_S) return value;
  throw new InvalidArgumentError(`It must be from ${MIN_INTERVAL_S} to ${MAX_INTERVAL_S} seconds.`);
}
