import { Command, Option } from 'commander';
import { lineTelemetry } from '../../local/line-telemetry.ts';
import { writtenUploadIds } from '../../local/resume/find-resumable.ts';
import { bytesInFlightPerConnection } from '../../local/shared-budget.ts';
import { createS3Client } from '../../s3/client.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { Ssh2SftpServer } from '../../sftp/sftp-server.ts';
import { parseContract, transferRequestSchema } from '../../transfer/contracts.ts';
import { patienceOf } from '../../transfer/patience.ts';
import { checkTarget } from '../check-target.ts';
import { nameOpenUploads } from '../name-open-uploads.ts';
import { addStoreOptions } from '../options/endpoint-option.ts';
import { addPatienceOption, type PatienceFlags } from '../options/patience-option.ts';
import { addProfileOption } from '../options/profile-option.ts';
import { addProgressOption, type ProgressFlags } from '../options/progress-options.ts';
import { addResumeOptions, openUploads, type ResumeFlags } from '../options/resume-options.ts';
import { addSftpOptions, readCredentials, type SftpFlags, sftpSettings } from '../options/sftp-options.ts';
import { addTuningOptions, evensChunks, type TransferTuning } from '../options/transfer-options.ts';
import { parseS3Url, parseSftpUrl } from '../options/urls.ts';
import { printLine } from '../print.ts';
import { Abandonment } from '../process/abandonment.ts';
import { onInterrupt } from '../process/interrupt.ts';
import { describeAsJson, describeForPeople, exitCodeOf } from '../results/describe-local-transfer.ts';
import { findWhatToResume } from '../resume-transfer.ts';
import { runTransfer } from '../run-transfer.ts';
import { showOfferedHostKey } from '../show-offered-host-key.ts';

interface TransferFlags extends PatienceFlags, TransferTuning, SftpFlags, ProgressFlags, ResumeFlags {
  region?: string;
  ifExists: 'replace' | 'fail';
  json?: true;
  verbose?: true;
}

export function transferCommand(): Command {
  const command = new Command('transfer')
    .description('move one file from an SFTP server into S3, through the deployed workflow, on this machine')
    .argument('<source>', 'sftp://user@host:port/path (absolute, percent-encoded; /~/ is the home folder)')
    .argument('<target>', "s3://bucket/key (a key that ends with / gets the source's file name)");
  addStoreOptions(addSftpOptions(command));
  return addProgressOption(addPatienceOption(addResumeOptions(addTuningOptions(addProfileOption(command)))))
    .addOption(
      new Option('--if-exists <what>', 'when the target exists')
        .choices(['replace', 'fail'])
        .default('replace'),
    )
    .option('--json', 'print one JSON object as the last line')
    .option('--verbose', 'print structured logs to stderr')
    .action(transfer);
}

async function transfer(
  source: string,
  target: string,
  flags: TransferFlags,
  command: Command,
): Promise<void> {
  const from = parseSftpUrl(source);
  const to = parseS3Url(target, from.path);
  const request = parseContract(transferRequestSchema, {
    sftp_file_path: from.path,
    target_s3_bucket: to.bucket,
    target_s3_key: to.key,
    chunk_size_bytes: flags.chunkSize,
    max_concurrency: flags.maxConcurrency,
    if_exists: flags.ifExists,
  });
  if (flags.hostKey.length === 0) return showOfferedHostKey(from, flags);
  const credentials = await readCredentials(from.username, flags);
  const s3 = createS3Client({
    ...(flags.endpointUrl === undefined ? {} : { endpoint: flags.endpointUrl }),
    ...(flags.region === undefined ? {} : { region: flags.region }),
  });
  const uploads = await openUploads(flags);
  const abandonment = new Abandonment(flags.json === true, flags.endpointUrl);
  const interrupt = onInterrupt(undefined, () => abandonment.announce());
  try {
    await checkTarget(s3, to.bucket, interrupt.signal);
    const server = new Ssh2SftpServer({
      ...sftpSettings(from, flags, credentials),
      maxBytesInFlight: bytesInFlightPerConnection(flags.maxConcurrency),
    });
    const telemetry = lineTelemetry(flags.verbose && ((line) => process.stderr.write(`${line}\n`)));
    const target = { serverUrl: server.url, ...to };
    const isWanted = flags.resume === true;
    const toResume =
      uploads &&
      (await findWhatToResume(uploads, target, isWanted, { store: new S3ObjectStore(s3), telemetry }));
    const keeping = uploads && {
      uploads,
      keepPartsDays: flags.keepPartsDays,
      resumeCommand: 'the same command and --resume',
    };
    const localTransfer = {
      request: toResume === undefined ? request : { ...request, resume_execution: toResume },
      server,
      s3,
      defaults: {
        landingBucket: to.bucket,
        allowedBuckets: [],
        keyPrefix: '',
        chunkSizeBytes: flags.chunkSize,
        maxConcurrency: flags.maxConcurrency,
      },
      telemetry,
      patience: patienceOf(flags.patience),
      evensChunks: evensChunks(command),
      ...(keeping && { keeping }),
      signal: interrupt.signal,
    };
    const written = uploads === undefined ? new Set<string>() : await writtenUploadIds(uploads, to);
    await nameOpenUploads(s3, to, { written, signal: interrupt.signal, endpointUrl: flags.endpointUrl });
    const { outcome, plan, resumed, figures } = await runTransfer(localTransfer, {
      reportPath: flags.report,
      user: from.username,
      progressInterval: flags.progressInterval,
      onUploadStarted: (upload) => abandonment.remember(upload),
    });
    if (flags.report !== undefined) printLine(`Report: ${flags.report}`);
    printLine(
      flags.json
        ? JSON.stringify(describeAsJson(outcome, plan, resumed, figures))
        : describeForPeople(outcome, plan, flags.endpointUrl, figures),
    );
    process.exitCode = exitCodeOf(outcome);
  } finally {
    interrupt.release();
    await uploads?.close();
    s3.destroy();
  }
}
