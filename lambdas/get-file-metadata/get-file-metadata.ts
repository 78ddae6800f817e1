import type { ObjectStore } from '../../s3/ports.ts';
import type { PlannedTransfer } from '../../transfer/contracts.ts';
import { TargetExistsError } from '../../transfer/errors.ts';
import { describeSource } from '../../transfer/object-metadata.ts';
import { assertReadable, locateFile } from '../../transfer/source/locate-file.ts';
import { formatModifiedAt } from '../../transfer/source-file.ts';
import { openCanary } from '../shared/open-canary.ts';
import type { SessionPorts } from '../shared/partner-session.ts';
import type { GetFileMetadataEvent } from './event.ts';
import { resolveTarget, type Target, type TargetSettings } from './transfer-target.ts';

export interface TransferDefaults extends TargetSettings {
  chunkSizeBytes: number;
  maxConcurrency: number;
  /** See `keepUntil`. @default 0 */
  keepPartsDays?: number;
}

/**
 * The canary: one authenticated connection, before anything fans out. Resolves and stats the file, reads the
 * server's read limit, and fills every default of the request.
 * @throws InvalidTransferRequestError | TargetExistsError | SourceNotFoundError | SourceNotAFileError |
 *   SourcePermissionError | SourceChangedError (reading shows more than the reported size of 0) |
 *   SftpRequestRefusedError | SftpRequestFailedError | HostKeyMismatchError | SftpAuthenticationError |
 *   SftpConnectionError | SftpStalledError | UploadFailedError (only with `if_exists: fail`, which asks S3)
 */
export async function getFileMetadata(
  { request, execution_id: executionId, granted_sessions: granted = Infinity }: GetFileMetadataEvent,
  ports: SessionPorts & {
    store: Pick<ObjectStore, 'headObject'>;
    /** Random, never the same twice. */
    newId: () => string;
  },
  defaults: TransferDefaults,
  signal: AbortSignal,
): Promise<PlannedTransfer> {
  const ifExists = request.if_exists ?? 'replace';
  const assertFree = async (target: Target): Promise<void> => {
    if (ifExists === 'replace' || (await ports.store.headObject(target, signal)) === undefined) return;
    throw new TargetExistsError(`s3://${target.bucket}/${target.key} exists, and if_exists is "fail"`);
  };
  // Where the request alone names the target, what is wrong with it is found before the partner is bothered.
  const named = resolveTarget(request, defaults);
  if (named !== undefined) await assertFree(named);
  const { session, usesPreviousSecret } = await openCanary(ports, signal);
  try {
    const { path, stat } = await locateFile(session, request.sftp_file_path, signal);
    await assertReadable(path, stat, session, signal);
    const target = named ?? resolveTarget(request, defaults, path);
    if (named === undefined) await assertFree(target);
    const modifiedAt = formatModifiedAt(stat);
    const planned: PlannedTransfer = {
      path,
      size_bytes: stat.sizeBytes,
      modified_at: modifiedAt,
      max_read_bytes: await session.maxReadBytes(signal),
      ...target,
      chunk_size_bytes: request.chunk_size_bytes ?? defaults.chunkSizeBytes,
      max_concurrency: Math.min(request.max_concurrency ?? defaults.maxConcurrency, granted),
      if_exists: ifExists,
      keep_parts_days: defaults.keepPartsDays ?? 0,
      ...(session.secretVersionId !== undefined && { secret_version_id: session.secretVersionId }),
      ...(usesPreviousSecret && { previous_secret: true }),
      object_metadata: describeSource({
        serverUrl: ports.server.url,
        path,
        sizeBytes: stat.sizeBytes,
        modifiedAt,
        executionId,
        transferId: ports.newId(),
      }),
    };
    await session.release();
    return planned;
  } finally {
    await session.end();
  }
}
