import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { openSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.ts';
import { lineTelemetry } from '../../local/line-telemetry.ts';
import type { PullResult } from '../../local/pull/folder-pull.ts';
import { pullFolder } from '../../local/pull/pull-folder.ts';
import { bytesInFlightPerConnection } from '../../local/shared-budget.ts';
import { createS3Client } from '../../s3/client.ts';
import { Ssh2SftpServer } from '../../sftp/sftp-server.ts';
import { systemClock } from '../../transfer/clock.ts';
import { checkTarget } from '../check-target.ts';
import { addStoreOptions } from '../options/endpoint-option.ts';
import { addProfileOption } from '../options/profile-option.ts';
import { addProgressOption, type ProgressFlags } from '../options/progress-options.ts';
import { addPullOptions, folderSettings, type PullFlags } from '../options/pull-options.ts';
import { addSftpOptions, readCredentials, type SftpFlags, sftpSettings } from '../options/sftp-options.ts';
import { storeName } from '../options/store-name.ts';
import { addTuningOptions, type TransferTuning } from '../options/transfer-options.ts';
import { parseS3PrefixUrl, parseSftpFolderUrl, type SftpUrl } from '../options/urls.ts';
import { printLine } from '../print.ts';
import { Abandonment } from '../process/abandonment.ts';
import { onInterrupt } from '../process/interrupt.ts';
import { openReportFile } from '../report/report-file.ts';
import { describeDecisions, describePull, pullExitCode, summarisePull } from '../results/describe-pull.ts';
import { showOfferedHostKey } from '../show-offered-host-key.ts';
import { progressDisplay } from '../terminal/progress-display.ts';
import { PullProgress } from '../terminal/pull-progress.ts';
import { columnsOf } from '../terminal/terminal-kind.ts';

interface Flags extends SftpFlags, PullFlags, TransferTuning, ProgressFlags {
  endpointUrl?: string;
  region?: string;
  ifExists: 'replace' | 'fail';
  ledger?: string;
  dryRun?: true;
  json?: true;
  verbose?: true;
}

export function pullCommand(): Command {
  const command = new Command('pull')
    .description('move what is new in a folder of an SFTP server into S3, each file once, on this machine')
    .argument(
      '<folder>',
      'sftp://user@host:port/folder (absolute, percent-encoded; / is the root, /~/ the home folder)',
    )
    .argument('<target>', 's3://bucket/prefix');
  addStoreOptions(addSftpOptions(command));
  addPullOptions(command);
  addProgressOption(addProfileOption(command));
  return addTuningOptions(command, 'write one JSON object for each entry and what came of it to a file')
    .addOption(
      new Option('--if-exists <what>', 'when an object exists that is not of this delivery')
        .choices(['replace', 'fail'])
        .default('replace'),
    )
    .option('--ledger <file>', 'what has been copied (default: in ~/.sftp-to-s3, one file for each user)')
    .option('--dry-run', 'print every entry with its outcome, and write nothing anywhere')
    .option('--json', 'print one JSON object as the last line')
    .option('--verbose', 'print structured logs to stderr')
    .action(pull);
}

async function pull(folder: string, target: string, flags: Flags): Promise<void> {
  const { path, ...from } = parseSftpFolderUrl(folder);
  const to = parseS3PrefixUrl(target);
  const settings = folderSettings(path, flags);
  if (flags.hostKey.length === 0) return showOfferedHostKey(from, flags);
  const credentials = await readCredentials(from.username, flags);
  const files = await stateFiles({ ...from, path }, to, flags);
  const s3 = createS3Client({
    ...(flags.endpointUrl === undefined ? {} : { endpoint: flags.endpointUrl }),
    ...(flags.region === undefined ? {} : { region: flags.region }),
  });
  const abandonment = new Abandonment(flags.json === true, flags.endpointUrl);
  const reportFile = flags.report === undefined ? undefined : await openReportFile(flags.report);
  const interrupt = onInterrupt(
    'Stopping: giving back the files that are under way. Press Ctrl-C again to leave at once.',
    () => abandonment.announce(),
  );
  const progress = new PullProgress(progressDisplay(process.stderr, flags.progressInterval));
  interrupt.signal.addEventListener('abort', () => progress.leave(), { once: true });
  let ledger: Awaited<ReturnType<typeof openSqliteLedger>> | undefined;
  try {
    ledger = await openSqliteLedger({ ...files.ledger, nowMs: systemClock.nowMs });
    // A dry run says what would be read, whether or not it may be written.
    if (!flags.dryRun) await checkTarget(s3, to.bucket, interrupt.signal);
    const result = await pullFolder({
      settings,
      server: new Ssh2SftpServer({
        ...sftpSettings(from, flags, credentials),
        maxBytesInFlight: bytesInFlightPerConnection(flags.maxConcurrency),
      }),
      s3,
      bucket: to.bucket,
      keyPrefix: to.prefix,
      ifExists: flags.ifExists,
      ledger,
      snapshotFile: files.snapshot,
      maxSessions: flags.maxConcurrency,
      chunkSizeBytes: flags.chunkSize,
      dryRun: flags.dryRun === true,
      telemetry: lineTelemetry(flags.verbose && ((line) => process.stderr.write(`${line}\n`))),
      observer: progress,
      onUpload: (upload) => abandonment.remember(upload),
      signal: interrupt.signal,
    }).finally(() => progress.stop());
    await reportFile?.write(pullReport(result));
    if (flags.dryRun) for (const line of describeDecisions(result.decisions)) printLine(line);
    const summary = summarisePull(result);
    if (flags.json) printLine(JSON.stringify(summary));
    else printLine(describePull(result, columnsOf(process.stdout)));
    process.exitCode = pullExitCode(summary);
  } finally {
    interrupt.release();
    await reportFile?.discard();
    await ledger?.close();
    s3.destroy();
  }
}

/** Where the ledger is, and which rows in it are this folder's. A dry run makes no file: without one, nothing landed. */
async function stateFiles(
  from: SftpUrl,
  to: { bucket: string; prefix: string },
  flags: Flags,
): Promise<{ ledger: { file: string; collection: string }; snapshot: string }> {
  const file = resolve(flags.ledger ?? join(homedir(), '.sftp-to-s3', 'ledger.sqlite'));
  const collection = JSON.stringify([
    `${from.username}@${from.host}:${from.port}`,
    from.path,
    await storeName(flags),
    to.bucket,
    to.prefix,
  ]);
  const snapshot = `${file}.${createHash('sha256').update(collection).digest('hex').slice(0, 16)}.listing`;
  if (flags.dryRun) return { ledger: { file: existsSync(file) ? file : ':memory:', collection }, snapshot };
  if (flags.ledger === undefined) await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  process.stderr.write(`Ledger: ${file}\n`);
  return { ledger: { file, collection }, snapshot };
}

/** One line for each entry: the decision about it, what came of its copy, and of its source. */
function pullReport({ decisions, outcomes, settled }: PullResult): string {
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.path, outcome]));
  const settledOf = new Map(settled.map((one) => [one.path, one.settled]));
  const lines = decisions.map((decision) =>
    JSON.stringify({
      ...decision,
      result: outcomeOf.get(decision.path)?.status,
      after_proof: settledOf.get(decision.path),
    }),
  );
  return lines.map((line) => `${line}\n`).join('');
}
