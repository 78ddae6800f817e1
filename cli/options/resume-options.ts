import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { openSqliteUploads, type UploadFile } from '../../ledger/sqlite/sqlite-uploads.ts';
import { systemClock } from '../../transfer/clock.ts';
import { MAX_KEEP_PARTS_DAYS } from '../../transfer/keep-parts.ts';
import { storeName } from './store-name.ts';
import { countBetween } from './transfer-options.ts';

export interface ResumeFlags {
  resume?: true;
  keepPartsDays: number;
  uploads?: string;
  endpointUrl?: string;
}

/** The options of a transfer on this machine that can be gone on with. */
export function addResumeOptions(command: Command): Command {
  return command
    .option('--resume', 'go on with what an earlier transfer of this file left; anew, where that cannot be')
    .option(
      '--keep-parts-days <days>',
      'keep the finished parts of a transfer that fails, and pay for them; 0 removes them at once',
      countBetween(0, MAX_KEEP_PARTS_DAYS),
      0,
    )
    .option(
      '--uploads <file>',
      'where unfinished uploads are written down (default: ~/.sftp-to-s3/uploads.sqlite)',
    );
}

/**
 * The file of unfinished uploads to one store. Where the user named none and asked for nothing that needs it, the
 * transfer goes on without a file that cannot be made: it says so, and cannot be resumed if it is killed.
 * @throws InvalidTransferRequestError, or what the file system says
 */
export async function openUploads(flags: ResumeFlags): Promise<UploadFile | undefined> {
  const file = resolve(flags.uploads ?? join(homedir(), '.sftp-to-s3', 'uploads.sqlite'));
  try {
    if (flags.uploads === undefined) await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const collection = `uploads to ${await storeName(flags)}`;
    return await openSqliteUploads({ file, collection, nowMs: systemClock.nowMs });
  } catch (error) {
    if (flags.uploads !== undefined || flags.resume === true || flags.keepPartsDays > 0) throw error;
    const { message } = error as Error;
    process.stderr.write(`Unfinished uploads cannot be written down in ${file}: ${message}\n`);
    return undefined;
  }
}
