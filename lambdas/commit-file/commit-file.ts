import type { LandedObject } from '../../ledger/entry.ts';
import type { FileLedger } from '../../ledger/ports.ts';
import type { ObjectStore, StateFiles } from '../../s3/ports.ts';
import { isFaultOfAllFiles } from '../../transfer/fault-scope.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import { counted } from '../../transfer/text/counted.ts';
import { type ClaimedFile, describeClaimed } from '../copy-batch/claimed-file.ts';
import { findLandedObject, toLandedObject } from '../copy-batch/find-landed.ts';
import { copySettings, toFileToCopy } from '../shared/copy-settings.ts';
import { type FileOutcome, isRefusal, RunFiles } from '../shared/run-files.ts';
import type { CommitFileEvent, CommittedFile } from './event.ts';
import { type TransferFailure, transferFailure } from './transfer-failure.ts';

export interface CommitFilePorts {
  files: StateFiles;
  store: Pick<ObjectStore, 'headObject'>;
  ledgerOf: (folder: string) => FileLedger;
  serverUrl: string;
  newId: () => string;
  telemetry: Telemetry;
}

/** The source is another than was listed: no failure, and a later run takes it. */
const CHANGES: ReadonlySet<string> = new Set(['SourceChangedError', 'SourceNotAFileError']);

/**
 * Ends the claim of a large file by what came of its transfer: committed, given back, or failed. A refused login is
 * noted, so that no other file of the run tries one.
 * @throws LedgerUnavailableError | UploadFailedError
 */
export async function commitFile(
  event: CommitFileEvent,
  ports: CommitFilePorts,
  partner: string,
  signal: AbortSignal,
): Promise<CommittedFile> {
  const { run_id, number, file: listed, claim } = event;
  const runFiles = new RunFiles(ports.files, partner, run_id);
  const run = await runFiles.run(signal);
  const settings = copySettings(run, [listed]);
  const ledger = ports.ledgerOf(run.folder.name);
  const file = describeClaimed(toFileToCopy(listed), claim.generation, settings, ports);
  const { path, trigger } = file;
  const reference = { path, owner: claim.owner };

  const object = await landedObject(event, file, run.bucket, ports, signal);
  const outcome = await (object !== undefined ? commit(object) : giveUp(failureOf(event)));
  await runFiles.noteOutcomes(`large-${number}-${ports.newId()}`, [outcome], signal);
  ports.telemetry.info('claim ended', { ...outcome });
  return { status: outcome.status };

  async function commit(landed: LandedObject): Promise<FileOutcome> {
    const { afterProof } = settings;
    const { generation, key } = claim;
    const request = { ...reference, generation, object: landed, afterProof, ...(trigger && { trigger }) };
    const committed = await ledger.commit(request, signal);
    if (!committed.done) return { path, status: 'not-claimed', reason: committed.reason };
    ports.telemetry.metric('FilesLanded', 1);
    return { path, status: 'landed', size_bytes: file.sizeBytes, key, generation };
  }

  async function giveUp({ name, message }: TransferFailure): Promise<FileOutcome> {
    if (isRefusal(name)) {
      await runFiles.noteRefusal({ name, message }, signal);
      await ledger.rollBack(reference, signal);
      return { path, status: 'failed', error: { name, message } };
    }
    if (CHANGES.has(name) || name === 'SourceNotFoundError') {
      await ledger.rollBack(reference, signal);
      return { path, status: CHANGES.has(name) ? 'not-ready' : 'vanished' };
    }
    const isUncounted = isFaultOfAllFiles({ name });
    await ledger.fail({ ...reference, error: { name, message }, isUncounted }, signal);
    return { path, status: 'failed', error: { name, message } };
  }
}

/**
 * The object of this generation: as the transfer returned it, or as it is found where the transfer's answer was lost.
 * One of another size is of a later delivery, which a later run is to find.
 */
async function landedObject(
  { transfer, claim }: CommitFileEvent,
  file: ClaimedFile,
  bucket: string,
  { store }: CommitFilePorts,
  signal: AbortSignal,
): Promise<LandedObject | undefined> {
  const target = { bucket, key: claim.key };
  if (transfer === undefined) return findLandedObject(store, target, file, claim.generation, signal);
  const { object } = transfer;
  if (object.size_bytes !== file.sizeBytes) return undefined;
  return toLandedObject(target, {
    etag: object.etag,
    ...(object.version_id !== null && { versionId: object.version_id }),
    ...(object.checksum_crc64nvme !== null && { checksumCrc64Nvme: object.checksum_crc64nvme }),
  });
}

function failureOf({ error, file, transfer }: CommitFileEvent): TransferFailure {
  if (error !== undefined) return transferFailure(error);
  return {
    name: 'SourceChangedError',
    message: `${file.path} had ${counted(file.size_bytes, 'byte')} when it was listed, and ${transfer?.object.size_bytes} when it was read`,
  };
}
