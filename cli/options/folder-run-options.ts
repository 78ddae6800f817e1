import { type Command, Option } from 'commander';
import { type FolderRunRequest, folderRunRequestSchema } from '../../folder/run/folder-run.ts';
import { parseContract } from '../../transfer/contracts.ts';
import { UsageError } from '../usage-error.ts';
import { countBetween } from './transfer-options.ts';

/** What the options of `addFolderRunOptions` come to. */
export interface FolderRunFlags {
  folder?: string;
  runDate?: string;
  dryRun?: true;
  only: string[];
  force?: true;
  limit?: number;
}

/** Options of `start` for a run over a folder. */
export function addFolderRunOptions(command: Command): Command {
  return command
    .option('--folder <name>', 'run over this folder of the configuration, instead of a transfer of one file')
    .option('--run-date <date>', 'with --folder: the business date for {run:…} and {date:…}, as 2026-11-25')
    .option('--dry-run', 'with --folder: decide about every entry, and copy nothing')
    .addOption(
      new Option('--only <path>', 'with --folder: nothing but this path relative to the folder; repeatable')
        .default([])
        .argParser((value: string, earlier: string[]) => [...earlier, value]),
    )
    .option('--force', 'with --folder: copy what has landed, or failed too often, all the same')
    .option('--limit <files>', 'with --folder: copies at most', countBetween(1, 10_000_000));
}

/** The input of a folder's execution; undefined where `--folder` is not given. @throws UsageError */
export function folderRunOf(path: string | undefined, flags: FolderRunFlags): FolderRunRequest | undefined {
  const { folder, runDate, dryRun, only, force, limit } = flags;
  const isAsked = runDate !== undefined || dryRun || only.length > 0 || force || limit !== undefined;
  if (folder === undefined) {
    if (isAsked) throw new UsageError('--run-date, --dry-run, --only, --force and --limit need --folder');
    return undefined;
  }
  if (path !== undefined) throw new UsageError(`give a path or --folder, not both: ${path}`);
  return parseContract(folderRunRequestSchema, {
    folder,
    ...(runDate !== undefined && { run_date: runDate }),
    ...(dryRun && { dry_run: true }),
    ...(only.length > 0 && { only }),
    ...(force && { force: true }),
    ...(limit !== undefined && { limit }),
  });
}
