import { executionNameOf, isLargeFileClaim, largeFileOwner } from '../../folder/run/run-id.ts';
import type { ClaimRequest, ClaimResult, FileLedger } from '../../ledger/ports.ts';
import type { ObjectStore, StateFiles } from '../../s3/ports.ts';
import type { Clock } from '../../transfer/clock.ts';
import { generationExecutionName } from '../../transfer/generation-execution.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import { describeClaimed } from '../copy-batch/claimed-file.ts';
import { findLandedObject } from '../copy-batch/find-landed.ts';
import { copySettings, toFileToCopy } from '../shared/copy-settings.ts';
import { type FileOutcome, RunFiles } from '../shared/run-files.ts';
import type { ClaimedTransfer, ClaimFileEvent } from './event.ts';

/** As long as a transfer's execution may run. A run that was stopped holds no file up for it: see `claimOrTakeOver`. */
const LARGE_LEASE_MS = 7 * 86_400_000;

/** Until a lease of one millisecond is over. */
const SHORTEST_LEASE_MS = 5;

export interface ClaimFilePorts {
  files: StateFiles;
  store: Pick<ObjectStore, 'headObject'>;
  ledgerOf: (folder: string) => FileLedger;
  serverUrl: string;
  newId: () => string;
  telemetry: Telemetry;
  clock: Clock;
  /** When another folder execution ended; undefined while it runs, or where that cannot be learnt. */
  endOf: (executionArn: string) => Promise<unknown>;
}

/**
 * Claims one large file and says which transfer is to copy it. Nothing is claimed once the server has refused a login
 * in this run. The object of a run that was cut off is found, and committed without reading a byte.
 * @throws LedgerUnavailableError | UploadFailedError
 */
export async function claimFile(
  event: ClaimFileEvent,
  ports: ClaimFilePorts,
  partner: string,
  signal: AbortSignal,
): Promise<ClaimedTransfer> {
  const { run_id, number, file: listed } = event;
  const runFiles = new RunFiles(ports.files, partner, run_id);
  const owner = largeFileOwner(run_id, number);
  const nothing: ClaimedTransfer = {
    is_claimed: false,
    owner,
    generation: 0,
    key: '',
    name: '',
    input: null,
  };
  const note = async (outcome: FileOutcome): Promise<ClaimedTransfer> => {
    await runFiles.noteOutcomes(`large-${number}-${ports.newId()}`, [outcome], signal);
    ports.telemetry.info('file not transferred', { ...outcome });
    return nothing;
  };
  const { path } = listed;
  if ((await runFiles.refusal(signal)) !== undefined) return note({ path, status: 'not-tried' });

  const run = await runFiles.run(signal);
  const settings = copySettings(run, [listed]);
  const file = toFileToCopy(listed);
  const ledger = ports.ledgerOf(run.folder.name);
  const { maxFailures, redelivery, force = false } = settings;
  const request = { ...file, owner, leaseMs: LARGE_LEASE_MS, maxFailures, redelivery, force };
  const claim = await claimOrTakeOver(event.execution_id, request, ledger, ports, signal);
  if (!claim.claimed) return note({ path, status: 'not-claimed', reason: claim.reason });

  const claimed = describeClaimed(file, claim.entry.lastGeneration, settings, ports);
  const { generation, key } = claimed;
  const { takenOverFrom } = claim;
  if (takenOverFrom !== undefined) {
    const target = { bucket: run.bucket, key: settings.keyOf(file, generation, takenOverFrom) };
    const object = await findLandedObject(ports.store, target, claimed, generation, signal);
    if (object !== undefined) {
      const { afterProof } = settings;
      const { trigger } = file;
      const commit = {
        path,
        owner,
        generation,
        object,
        afterProof,
        ...(trigger !== undefined && { trigger }),
      };
      await ledger.commit(commit, signal);
      return note({ path, status: 'landed', size_bytes: file.sizeBytes, key: target.key, generation });
    }
  }
  return {
    is_claimed: true,
    owner,
    generation,
    key,
    name: generationExecutionName(run_id, path, generation),
    input: {
      sftp_file_path: claimed.absolutePath,
      target_s3_bucket: run.bucket,
      target_s3_key: key,
      max_concurrency: run.folder.maxConcurrency,
      if_exists: settings.ifExists,
    },
  };
}

/** Where the run that holds the claim is over, its lease is ended: its object, if there is one, is looked for then. */
async function claimOrTakeOver(
  executionArn: string,
  request: ClaimRequest,
  ledger: FileLedger,
  { endOf, clock }: ClaimFilePorts,
  signal: AbortSignal,
): Promise<ClaimResult> {
  const claim = await ledger.claim(request, signal);
  if (claim.claimed || claim.reason !== 'owned-by-other') return claim;
  const holder = claim.entry.attempt?.claim?.owner ?? '';
  const name = executionNameOf(holder);
  if (name === undefined || !isLargeFileClaim(holder)) return claim;
  const holderArn = executionArn.slice(0, executionArn.lastIndexOf(':') + 1) + name;
  if (holderArn === executionArn || (await endOf(holderArn)) === undefined) return claim;
  await ledger.renew({ path: request.path, owner: holder, leaseMs: 1 }, signal);
  await clock.sleep(SHORTEST_LEASE_MS, signal);
  return ledger.claim(request, signal);
}
