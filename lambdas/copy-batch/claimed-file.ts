import type { LandedObject } from '../../ledger/entry.ts';
import type { FileLedger } from '../../ledger/ports.ts';
import type { ObjectStore } from '../../s3/ports.ts';
import {
  SourceChangedError,
  SourceNotAFileError,
  SourceNotFoundError,
  TargetExistsError,
  TransferError,
} from '../../transfer/errors.ts';
import { isFaultOfAllFiles } from '../../transfer/fault-scope.ts';
import { generationExecution } from '../../transfer/generation-execution.ts';
import { describeSource } from '../../transfer/object-metadata.ts';
import { absolute } from '../../transfer/source/absolute-path.ts';
import { formatModifiedAt } from '../../transfer/source-file.ts';
import type { CopyOutcome, CopySettings, FileToCopy } from './batch.ts';
import { findLandedObject } from './find-landed.ts';

/** A file whose claim is held, with what its object will be. */
export interface ClaimedFile extends FileToCopy {
  /** On the server. */
  absolutePath: string;
  generation: number;
  key: string;
  metadata: Record<string, string>;
}

export interface ClaimPorts {
  ledger: FileLedger;
  store: Pick<ObjectStore, 'headObject'>;
  /** Of the partner's server, for the object's metadata. */
  serverUrl: string;
  /** Random, never the same twice. */
  newId: () => string;
}

/**
 * Claims one file, copies it by `copy`, and commits what landed. The claim is ended in every case but one: when the
 * ledger itself does not answer.
 * @param copy makes the object and proves it. @throws what makes the file a failure; a file that changed or vanished
 *   is none
 * @throws what `isFatal` says of copy's errors, after the claim was given back: the run itself cannot go on
 */
export async function copyClaimed(
  file: FileToCopy,
  settings: CopySettings,
  claimant: { owner: string; leaseMs: number; isFatal: (error: unknown) => boolean },
  ports: ClaimPorts,
  copy: (file: ClaimedFile) => Promise<LandedObject>,
  signal: AbortSignal,
): Promise<CopyOutcome> {
  const { ledger, store } = ports;
  const { path, sizeBytes, modifiedAtSeconds } = file;
  const { owner, leaseMs } = claimant;
  const { maxFailures, redelivery, bucket, force = false } = settings;
  const claim = await ledger.claim(
    { path, sizeBytes, modifiedAtSeconds, owner, leaseMs, maxFailures, redelivery, force },
    signal,
  );
  if (!claim.claimed) return { path, status: 'not-claimed', reason: claim.reason };

  const claimed = describeClaimed(file, claim.entry.lastGeneration, settings, ports);
  const findLanded = (key = claimed.key) =>
    findLandedObject(store, { bucket, key }, claimed, claimed.generation, signal);
  const land = (object: LandedObject, isRecovered: boolean) =>
    commit(ledger, claimed, owner, object, settings, isRecovered);
  try {
    const { takenOverFrom } = claim;
    const earlier =
      takenOverFrom === undefined
        ? undefined
        : await findLanded(settings.keyOf(file, claimed.generation, takenOverFrom));
    if (earlier !== undefined) return await land(earlier, true);
    const object = await copy(claimed).catch(async (error: unknown) => {
      // The answer to an earlier request may have been lost: then what exists is ours.
      const own = error instanceof TargetExistsError ? await findLanded() : undefined;
      if (own === undefined) throw error;
      return own;
    });
    return await land(object, false);
  } catch (error) {
    return await endClaim(ledger, { path, owner }, error, claimant.isFatal);
  }
}

/** What one generation of a file becomes: its key, and its object's metadata. */
export function describeClaimed(
  file: FileToCopy,
  generation: number,
  settings: CopySettings,
  { serverUrl, newId }: Pick<ClaimPorts, 'serverUrl' | 'newId'>,
): ClaimedFile {
  const absolutePath = absolute(settings.rootPath, file.path);
  const { sizeBytes, modifiedAtSeconds } = file;
  return {
    ...file,
    absolutePath,
    generation,
    key: settings.keyOf(file, generation),
    metadata: describeSource({
      serverUrl,
      path: absolutePath,
      sizeBytes,
      modifiedAt: formatModifiedAt({ kind: 'file', sizeBytes, modifiedAtSeconds }),
      executionId: generationExecution(settings.runId, generation),
      transferId: newId(),
    }),
  };
}

async function commit(
  ledger: FileLedger,
  { path, generation, sizeBytes, trigger }: ClaimedFile,
  owner: string,
  object: LandedObject,
  { afterProof }: CopySettings,
  isRecovered: boolean,
): Promise<CopyOutcome> {
  const committed = await ledger.commit({
    path,
    owner,
    generation,
    object,
    afterProof,
    ...(trigger !== undefined && { trigger }),
  });
  if (!committed.done) return { path, status: 'not-claimed', reason: 'claim-lost' };
  return { path, status: 'landed', generation, sizeBytes, object, isRecovered };
}

/** A claim is given back as if it had never been, unless the file itself failed. */
async function endClaim(
  ledger: FileLedger,
  reference: { path: string; owner: string },
  error: unknown,
  isFatal: (error: unknown) => boolean,
): Promise<CopyOutcome> {
  const { path } = reference;
  if (isFatal(error)) {
    await ledger.rollBack(reference);
    throw error;
  }
  if (error instanceof SourceNotFoundError || isChange(error)) {
    await ledger.rollBack(reference);
    return { path, status: isChange(error) ? 'not-ready' : 'vanished' };
  }
  const failure = error instanceof Error ? error : new Error(String(error));
  const { name, message } = failure;
  await ledger.fail({ ...reference, error: { name, message }, isUncounted: isFaultOfAllFiles(failure) });
  return { path, status: 'failed', error: failure };
}

/** The path leads to something else than what was decided about. */
function isChange(error: unknown): boolean {
  return error instanceof SourceChangedError || error instanceof SourceNotAFileError;
}

/** Whether an error says that the run itself is over: it was stopped, or the partner lets nobody in. */
export function endsTheRun(signal: AbortSignal): (error: unknown) => boolean {
  return (error) =>
    signal.aborted ||
    (error instanceof TransferError &&
      (error.name === 'SftpAuthenticationError' || error.name === 'HostKeyMismatchError'));
}
