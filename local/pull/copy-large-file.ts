import { randomUUID } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import type { CopyOutcome, CopySettings, FileToCopy } from '../../lambdas/copy-batch/batch.ts';
import { type ClaimedFile, copyClaimed } from '../../lambdas/copy-batch/claimed-file.ts';
import { toLandedObject } from '../../lambdas/copy-batch/find-landed.ts';
import type { LandedObject } from '../../ledger/entry.ts';
import type { SftpServer } from '../../sftp/ports.ts';
import { SourceChangedError, SourceNotFoundError, TargetExistsError } from '../../transfer/errors.ts';
import { generationExecution } from '../../transfer/generation-execution.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import { runLocalTransfer, type TransferObserver, type TransferOutcome } from '../local-transfer.ts';
import type { CopyPorts, CopyRun } from './copy-small-files.ts';

/** A large file's claim is lengthened while its transfer runs; it is free so soon after its process is gone. */
const LARGE_LEASE_MS = 120_000;

export interface LargeFileTransfer {
  server: SftpServer;
  s3: S3Client;
  telemetry: Telemetry;
  chunkSizeBytes: number;
  observer: TransferObserver;
}

/** The server refuses us: no further file is tried. */
class LoginRefused extends Error {
  override readonly name: string;

  constructor(errorName: string, message: string) {
    super(message);
    this.name = errorName;
  }
}

/**
 * Copies one file by the transfer workflow, with all the run's sessions.
 * @throws LoginRefused, LedgerUnavailableError, or the signal's reason
 */
export async function copyLargeFile(
  file: FileToCopy,
  settings: CopySettings,
  run: CopyRun,
  ports: CopyPorts,
  transfer: LargeFileTransfer,
  signal: AbortSignal,
): Promise<CopyOutcome> {
  const owner = `${run.runId}/large`;
  const leaseMs = run.leaseMs ?? LARGE_LEASE_MS;
  const isFatal = (error: unknown): boolean => signal.aborted || error instanceof LoginRefused;
  const { ledger, store, sessions } = ports;
  const renewal = setInterval(() => {
    // A claim that could not be lengthened shows at the commit.
    ledger.renew({ path: file.path, owner, leaseMs }).catch(() => {});
  }, leaseMs / 3);
  try {
    const copy = (claimed: ClaimedFile) => copyByWorkflow(claimed, settings, run, transfer, signal);
    const claimant = { owner, leaseMs, isFatal };
    return await copyClaimed(
      file,
      settings,
      claimant,
      { ledger, store, serverUrl: sessions.serverUrl, newId: randomUUID },
      copy,
      signal,
    );
  } finally {
    clearInterval(renewal);
  }
}

async function copyByWorkflow(
  file: ClaimedFile,
  settings: CopySettings,
  run: CopyRun,
  { server, s3, telemetry, chunkSizeBytes, observer }: LargeFileTransfer,
  signal: AbortSignal,
): Promise<LandedObject> {
  const target = { bucket: settings.bucket, key: file.key };
  const outcome = await runLocalTransfer({
    request: {
      sftp_file_path: file.absolutePath,
      target_s3_bucket: target.bucket,
      target_s3_key: target.key,
      chunk_size_bytes: chunkSizeBytes,
      max_concurrency: run.maxSessions,
      if_exists: settings.ifExists,
    },
    executionId: generationExecution(run.runId, file.generation),
    server,
    s3,
    defaults: {
      landingBucket: target.bucket,
      allowedBuckets: [],
      keyPrefix: '',
      chunkSizeBytes,
      maxConcurrency: run.maxSessions,
    },
    handsSessionsOn: true,
    telemetry,
    signal,
    observer,
  });
  if (outcome.status !== 'SUCCEEDED') throw errorOf(outcome, signal);
  const { object } = outcome;
  if (object.size_bytes !== file.sizeBytes) {
    throw new SourceChangedError(`${file.path} has changed since it was listed`);
  }
  return toLandedObject(target, {
    etag: object.etag,
    ...(object.version_id !== null && { versionId: object.version_id }),
    ...(object.checksum_crc64nvme !== null && { checksumCrc64Nvme: object.checksum_crc64nvme }),
  });
}

/** The workflow's error by its name, as one that says what becomes of the claim. */
function errorOf(outcome: Exclude<TransferOutcome, { status: 'SUCCEEDED' }>, signal: AbortSignal): unknown {
  if (outcome.status === 'ABORTED') return signal.reason;
  const { error, cause } = outcome;
  if (error === 'SftpAuthenticationError' || error === 'HostKeyMismatchError')
    return new LoginRefused(error, cause);
  if (error === 'SourceChangedError') return new SourceChangedError(cause);
  if (error === 'SourceNotFoundError') return new SourceNotFoundError(cause);
  if (error === 'TargetExistsError') return new TargetExistsError(cause);
  return Object.assign(new Error(cause), { name: error });
}
