import type { ObjectStore } from '../../s3/ports.ts';
import type { PlannedTransfer } from '../../transfer/contracts.ts';
import type { GetFileMetadataEvent } from './event.ts';
import { TargetExistsError } from '../../transfer/errors.ts';
import { describeSource } from '../../transfer/object-metadata.ts';
import { assertRegularFile, formatModifiedAt } from '../../transfer/source-file.ts';
import type { SessionPorts } from '../shared/partner-session.ts';
import { openCanary } from './open-canary.ts';
import { resolveTarget, type TargetSettings } from './transfer-target.ts';

export interface TransferDefaults extends TargetSettings {
  chunkSizeBytes: number;
  maxConcurrency: number;
}

/**
 * The canary: one authenticated connection, before anything fans out. Resolves and stats the file, reads the
 * server's read limit, and fills every default of the request.
 * @throws InvalidTransferRequestError | TargetExistsError | SourceNotFoundError | SourceNotAFileError |
 *   SourcePermissionError | HostKeyMismatchError | SftpAuthenticationError | SftpConnectionError |
 *   SftpStalledError | UploadFailedError (only with `if_exists: fail`, which asks S3)
 */
export async function getFileMetadata(
  { request, execution_id: executionId }: GetFileMetadataEvent,
  ports: SessionPorts & { store: Pick<ObjectStore, 'headObject'> },
  defaults: TransferDefaults,
  signal: AbortSignal,
): Promise<PlannedTransfer> {
  const target = resolveTarget(request, defaults);
  const ifExists = request.if_exists ?? 'replace';
  if (ifExists === 'fail' && (await ports.store.headObject(target, signal)) !== undefined) {
    throw new TargetExistsError(`s3://${target.bucket}/${target.key} exists, and if_exists is "fail"`);
  }
  const session = await openCanary(ports, signal);
  try {
    const path = await session.realpath(request.sftp_file_path);
    const stat = await session.stat(path);
    assertRegularFile(path, stat);
    const modifiedAt = formatModifiedAt(stat);
    return {
      path,
      size_bytes: stat.sizeBytes,
      modified_at: modifiedAt,
      max_read_bytes: await session.maxReadBytes(),
      ...target,
      chunk_size_bytes: request.chunk_size_bytes ?? defaults.chunkSizeBytes,
      max_concurrency: request.max_concurrency ?? defaults.maxConcurrency,
      if_exists: ifExists,
      ...(session.secretVersionId !== undefined && { secret_version_id: session.secretVersionId }),
      object_metadata: describeSource({
        serverUrl: ports.source.url,
        path,
        sizeBytes: stat.sizeBytes,
        modifiedAt,
        executionId,
      }),
    };
  } finally {
    await session.end();
  }
}
