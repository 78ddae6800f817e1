import { mkdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Command } from 'commander';
import { type EmbeddedServers, startEmbeddedServers } from '../../local/embedded-servers.ts';
import { lineTelemetry } from '../../local/line-telemetry.ts';
import type { LocalTransfer } from '../../local/local-transfer.ts';
import { hashFile, hashStream, writeSampleFile } from '../../local/sample-file.ts';
import { S3_MAX_PART_SIZE_BYTES } from '../../transfer/limits.ts';
import { MIB } from '../../transfer/text/units.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { formatSize } from '../format/sizes.ts';
import {
  addTuningOptions,
  countBetween,
  evensChunks,
  sizeBetween,
  type TransferTuning,
} from '../options/transfer-options.ts';
import { printLine } from '../print.ts';
import { onInterrupt } from '../process/interrupt.ts';
import { describeForPeople, exitCodeOf } from '../results/describe-local-transfer.ts';
import { runTransfer } from '../run-transfer.ts';
import { DEFAULT_PROGRESS_INTERVAL_SECONDS } from '../terminal/progress-display.ts';
import { UsageError } from '../usage-error.ts';
import { pullFolderTwice, writeSmallFiles } from './local/demo-folder.ts';
import { embeddedS3Client, embeddedSftpServer } from './local/embedded-clients.ts';
import { makeWorkFolder } from './local/work-folder.ts';

const DEFAULT_SIZE_BYTES = 256 * MIB;
/** More than anyone's disk should be asked for by a demonstration. */
const MAX_SIZE_BYTES = 100 * S3_MAX_PART_SIZE_BYTES;
const MAX_FILES = 100_000;
const BUCKET = 'landing';
const SAMPLE_NAME = 'sample.bin';

interface DemoFlags extends TransferTuning {
  size: number;
  files?: number;
  folder: string;
  keep?: true;
}

export function demoCommand(): Command {
  const command = new Command('demo')
    .description(
      'show the main job on embedded servers: a sample file travels from SFTP to S3 on this machine',
    )
    .option(
      '--size <size>',
      'size of the sample file, such as 1GiB',
      sizeBetween(0, MAX_SIZE_BYTES),
      DEFAULT_SIZE_BYTES,
    )
    .option(
      '--files <count>',
      'a folder: so many small files and the sample file, pulled twice',
      countBetween(1, MAX_FILES),
    )
    .option('--folder <folder>', 'where everything is written', '.local-run')
    .option('--keep', 'keep the sample file and the landed object')
    .showHelpAfterError('With npm, options go behind two hyphens: npm start -- --size 1GiB');
  return addTuningOptions(command).action(demo);
}

async function demo(flags: DemoFlags, command: Command): Promise<void> {
  if (flags.files !== undefined && flags.report !== undefined)
    throw new UsageError('--report is about one transfer: leave it out, or --files');
  const folder = await makeWorkFolder(flags.folder, 'demo-');
  const interrupt = onInterrupt('Stopping. Press Ctrl-C again to leave everything behind.', () =>
    process.stderr.write(`Left behind: ${relative(process.cwd(), folder)}\n`),
  );
  let servers: EmbeddedServers | undefined;
  try {
    printLine(`Everything is written below ${relative(process.cwd(), folder)}`);
    const sourceFolder = sourceFolderOf(folder);
    await mkdir(sourceFolder);
    const sample = join(sourceFolder, SAMPLE_NAME);
    printLine(`Writing a sample file of ${formatSize(flags.size)}`);
    await writeSampleFile(sample, flags.size, interrupt.signal);
    if (flags.files !== undefined) await writeSmallFiles(sourceFolder, flags.files, interrupt.signal);
    servers = await startEmbeddedServers({
      sftpFolder: sourceFolder,
      s3Folder: join(folder, 's3'),
      allowNameChanges: flags.files !== undefined,
    });
    printLine(`SFTP server on 127.0.0.1:${servers.sftp.port}, S3 server on ${servers.s3.endpoint}`);
    if (flags.files !== undefined) {
      process.exitCode = await pullFolderTwice(servers, folder, sourceFolder, flags, interrupt.signal);
      return;
    }
    printLine(`Moving ${formatSize(flags.size)} of random bytes through statemachine/transfer.asl.json`);
    process.exitCode = await moveAndCompare(
      servers,
      sample,
      { ...flags, evensChunks: evensChunks(command) },
      interrupt.signal,
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    const needed = formatSize(2 * flags.size);
    throw new UsageError(
      `${flags.folder} is on a disk that is full: sample and object need about ${needed}`,
      {
        cause: error,
      },
    );
  } finally {
    interrupt.release();
    await servers?.close();
    if (flags.keep)
      printLine(
        `Kept: ${relative(process.cwd(), sourceFolderOf(folder))}/${SAMPLE_NAME}, and the object below ${relative(process.cwd(), folder)}/s3`,
      );
    else await rm(folder, { recursive: true, force: true });
  }
}

const sourceFolderOf = (folder: string) => join(folder, 'sftp');

async function moveAndCompare(
  servers: EmbeddedServers,
  sample: string,
  flags: DemoFlags & Pick<LocalTransfer, 'evensChunks'>,
  signal: AbortSignal,
): Promise<number> {
  const s3 = embeddedS3Client(servers);
  try {
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const transfer = {
      request: { sftp_file_path: `/${SAMPLE_NAME}` },
      server: embeddedSftpServer(servers, flags.maxConcurrency),
      s3,
      defaults: {
        landingBucket: BUCKET,
        allowedBuckets: [],
        keyPrefix: 'demo',
        chunkSizeBytes: flags.chunkSize,
        maxConcurrency: flags.maxConcurrency,
      },
      telemetry: lineTelemetry(),
      evensChunks: flags.evensChunks,
      signal,
    };
    const { outcome, plan, figures } = await runTransfer(transfer, {
      reportPath: flags.report,
      progressInterval: DEFAULT_PROGRESS_INTERVAL_SECONDS,
    });
    printLine(describeForPeople(outcome, plan, undefined, figures));
    if (flags.report !== undefined) printLine(`Report: ${flags.report}`);
    if (outcome.status !== 'SUCCEEDED') return exitCodeOf(outcome);
    return await compareHashes(sample, s3, outcome.object.key);
  } finally {
    s3.destroy();
  }
}

async function compareHashes(sample: string, s3: S3Client, key: string): Promise<number> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  const [source, landed] = [await hashFile(sample), await hashStream(Body as AsyncIterable<Uint8Array>)];
  // A hash has 64 characters: with its name before it the line would break at 80 columns.
  printLine(`  SHA-256 of the source, and of the object:\n  ${source}\n  ${landed}`);
  printLine(
    source === landed ? 'Equal: the file arrived byte-identical.' : 'DIFFERENT: the object is not the file.',
  );
  return source === landed ? EXIT_CODES.ok : EXIT_CODES.failed;
}
