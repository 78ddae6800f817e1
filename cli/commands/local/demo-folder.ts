import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { countOutcomes } from '../../../folder/decision.ts';
import { folderSettingsSchema } from '../../../folder/settings.ts';
import { openSqliteLedger } from '../../../ledger/sqlite/sqlite-ledger.ts';
import type { EmbeddedServers } from '../../../local/embedded-servers.ts';
import { lineTelemetry } from '../../../local/line-telemetry.ts';
import type { PullResult } from '../../../local/pull/folder-pull.ts';
import { pullFolder } from '../../../local/pull/pull-folder.ts';
import { hashFile, hashStream } from '../../../local/sample-file.ts';
import { systemClock } from '../../../transfer/clock.ts';
import { counted } from '../../../transfer/text/counted.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { textTable } from '../../format/text-table.ts';
import type { TransferTuning } from '../../options/transfer-options.ts';
import { printLine } from '../../print.ts';
import { describePull } from '../../results/describe-pull.ts';
import { DEFAULT_PROGRESS_INTERVAL_SECONDS, progressDisplay } from '../../terminal/progress-display.ts';
import { PullProgress } from '../../terminal/pull-progress.ts';
import { columnsOf } from '../../terminal/terminal-kind.ts';
import { embeddedS3Client, embeddedSftpServer } from './embedded-clients.ts';

const BUCKET = 'landing';
const ARCHIVE = 'archive';
const QUIET_SECONDS = 2;
const KIB = 1024;
const MAX_SMALL_FILE_BYTES = 64 * KIB;
const WRITTEN_AT_A_TIME = 100;

/** Files of 1 to 64 KiB of random bytes, and one that is still being uploaded. */
export async function writeSmallFiles(folder: string, count: number, signal: AbortSignal): Promise<void> {
  printLine(`Writing ${counted(count, 'file')} of 1 to 64 KiB, and one that is not finished`);
  for (let from = 0; from < count; from += WRITTEN_AT_A_TIME) {
    signal.throwIfAborted();
    const numbers = Array.from({ length: Math.min(WRITTEN_AT_A_TIME, count - from) }, (_, n) => from + n + 1);
    await Promise.all(
      numbers.map((number) =>
        writeFile(
          join(folder, `export-${number}.csv`),
          randomBytes(((number * 7 * KIB) % MAX_SMALL_FILE_BYTES) + KIB),
        ),
      ),
    );
  }
  await writeFile(join(folder, 'upload.part'), 'not finished');
}

/** Pulls the folder, shows that a second run has nothing to do, and compares every object with its file. @returns the exit code */
export async function pullFolderTwice(
  servers: EmbeddedServers,
  home: string,
  sourceFolder: string,
  { chunkSize, maxConcurrency }: Pick<TransferTuning, 'chunkSize' | 'maxConcurrency'>,
  signal: AbortSignal,
): Promise<number> {
  const s3 = embeddedS3Client(servers);
  const ledgerFile = join(home, 'ledger.sqlite');
  const ledger = await openSqliteLedger({ file: ledgerFile, collection: 'demo', nowMs: systemClock.nowMs });
  try {
    await mkdir(join(sourceFolder, ARCHIVE));
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const pull = (): Promise<PullResult> => {
      const progress = new PullProgress(progressDisplay(process.stderr, DEFAULT_PROGRESS_INTERVAL_SECONDS));
      signal.addEventListener('abort', () => progress.leave(), { once: true });
      return pullFolder({
        settings: folderSettingsSchema.parse({
          path: '/',
          ready: { quietSeconds: QUIET_SECONDS },
          afterProof: { action: 'move', to: `/${ARCHIVE}/{name}` },
        }),
        server: embeddedSftpServer(servers, maxConcurrency),
        s3,
        bucket: BUCKET,
        keyPrefix: 'demo/',
        ifExists: 'replace',
        ledger,
        snapshotFile: `${ledgerFile}.listing`,
        maxSessions: maxConcurrency,
        chunkSizeBytes: chunkSize,
        dryRun: false,
        telemetry: lineTelemetry(),
        observer: progress,
        signal,
      }).finally(() => progress.stop());
    };
    const first = await show('The first run', pull);
    await show('A second run', pull);
    return await compareAll(first, s3, join(sourceFolder, ARCHIVE));
  } finally {
    await ledger.close();
    s3.destroy();
  }
}

async function show(title: string, pull: () => Promise<PullResult>): Promise<PullResult> {
  printLine(`\n${title}`);
  const result = await pull();
  const rows = Object.entries(countOutcomes(result.decisions)).filter(([, count]) => count > 0);
  printLine(
    textTable(
      ['ENTRIES', 'OUTCOME'],
      rows.map(([outcome, count]) => [String(count), outcome]),
    ),
  );
  printLine(describePull(result, columnsOf(process.stdout)));
  return result;
}

/** Every file is in the archive by now. */
async function compareAll({ outcomes }: PullResult, s3: S3Client, archive: string): Promise<number> {
  const different: string[] = [];
  let equal = 0;
  for (const outcome of outcomes) {
    if (outcome.status !== 'landed') continue;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: outcome.object.key }));
    const landed = await hashStream(Body as AsyncIterable<Uint8Array>);
    if (landed === (await hashFile(join(archive, outcome.path)))) equal += 1;
    else different.push(outcome.path);
  }
  const archived = (await readdir(archive)).length;
  printLine(
    `\nSHA-256 of ${counted(equal, 'object')} and of ${equal === 1 ? 'its file' : 'their files'}, now in the archive: equal.`,
  );
  if (different.length === 0 && equal === archived) return EXIT_CODES.ok;
  printLine(`DIFFERENT: ${different.join(', ')}; the archive has ${counted(archived, 'file')}.`);
  return EXIT_CODES.failed;
}
