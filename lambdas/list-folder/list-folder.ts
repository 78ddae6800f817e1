import { planBatches } from '../../folder/batches.ts';
import { copiesInOrder } from '../../folder/decide.ts';
import { countOutcomes, type Decision, type PlannedCopy } from '../../folder/decision.ts';
import type { DeployedFolder } from '../../folder/run/deployed-folder.ts';
import { type FolderRun, type ListedFile, momentOfDate } from '../../folder/run/folder-run.ts';
import { isLargeFileClaim, makeRunId } from '../../folder/run/run-id.ts';
import { runKeys } from '../../folder/run/state-keys.ts';
import type { FileLedger } from '../../ledger/ports.ts';
import type { StateFiles } from '../../s3/ports.ts';
import { InvalidTransferRequestError, SourceNotFoundError } from '../../transfer/errors.ts';
import { mayBeFile } from '../../transfer/source/listed-entry.ts';
import { assertArchiveOutside } from '../settle-source/settle-sources.ts';
import { type FolderLook, lookAtFolder } from '../shared/look-at-folder.ts';
import { openCanary } from '../shared/open-canary.ts';
import type { SessionPorts } from '../shared/partner-session.ts';
import { RunFiles } from '../shared/run-files.ts';
import { type DecidingRun, decideEntries } from './decide-entries.ts';
import type { FolderListing, ListFolderEvent } from './event.ts';
import { FolderMemory } from './folder-memory.ts';
import { markGone } from './mark-gone.ts';

/** Larger ones are copied in chunks by the transfer workflow, the others whole, several in memory at a time. */
const MAX_SMALL_FILE_BYTES = 64 * 1024 ** 2;
/** An item of a Distributed Map has 256 KiB; the rest is for what ItemSelector adds. */
const MAX_BATCH_JSON_BYTES = 200_000;

export interface ListingDefaults {
  partner: string;
  bucket: string;
  /** Without a slash at its end; may be empty. */
  keyPrefix: string;
  chunkSizeBytes: number;
}

export interface ListFolderPorts extends SessionPorts {
  files: StateFiles;
  ledgerOf: (folder: string) => FileLedger;
}

/**
 * Lists a folder over one session, decides about every entry, and plans what is to be copied; or says how long the
 * files must stay as they are first. The canary of a run: nothing else logs in before it has succeeded.
 *
 * @throws InvalidTransferRequestError (no such folder; more names than are listed) | SourceNotFoundError |
 *   SourcePermissionError | HostKeyMismatchError | SftpAuthenticationError | SftpConnectionError | SftpStalledError |
 *   SftpRequestRefusedError | SftpRequestFailedError | LedgerUnavailableError | UploadFailedError
 */
export async function planRun(
  event: ListFolderEvent,
  ports: ListFolderPorts,
  defaults: ListingDefaults,
  signal: AbortSignal,
): Promise<FolderListing> {
  const { request, look } = event;
  const folder = folderOf(event);
  const { run, id } = beginRun(event, folder, defaults);
  const ledger = ports.ledgerOf(folder.name);
  const memory = new FolderMemory(ports.files, defaults.partner, folder.name);
  const before = await memory.listing(signal);

  const startedMs = ports.clock.nowMs();
  const seen = await listOnce(folder, before.snapshot.observations, ports, signal);
  const isDry = request.dry_run === true;
  if (!isDry) {
    assertArchiveOutside(folder, seen.rootPath);
    await memory.keepListing(seen, before.etag, ports.telemetry, signal);
  }
  const deciding: DecidingRun = {
    settings: request.limit === undefined ? folder : { ...folder, limit: request.limit },
    keyPrefix: run.key_prefix,
    runMs: run.run_at_ms,
    nowMs: ports.clock.nowMs(),
    ...(folder.initial !== 'all' && { baseline: await memory.baseline(seen, isDry, signal) }),
    ...(request.only !== undefined && { only: request.only }),
    force: run.force,
    isOpenClaim: isLargeFileClaim,
  };
  const decided = await decideEntries(deciding, seen, ledger, signal);
  report(decided.decisions, seen, ports, startedMs);

  const waitSeconds =
    look === 1 && !isDry ? secondsToWait(decided.decisions, folder, ports.clock.nowMs()) : 0;
  if (waitSeconds > 0) return listingOf(id, event, folder, seen, { waitSeconds });
  if (folder.onEmptyFolder === 'fail') assertNotEmpty(folder, seen);
  const runFiles = new RunFiles(ports.files, defaults.partner, id);
  await runFiles.writeLines('decisions', decided.decisions, signal);
  if (isDry) return listingOf(id, event, folder, seen, {});

  const planned: FolderRun = {
    ...run,
    root_path: seen.rootPath,
    ...(seen.secretVersionId !== undefined && { secret_version_id: seen.secretVersionId }),
  };
  await runFiles.writeRun(planned, signal);
  await markGone(ledger, decided.rows, before.snapshot, seen);
  const copies = copiesInOrder(decided.decisions, folder.order);
  const smallBytes = Math.min(defaults.chunkSizeBytes, MAX_SMALL_FILE_BYTES);
  // Only ClaimFile can ask whether the run that holds a large file's claim still goes on, whatever has come in its place.
  const isLarge = ({ path, sizeBytes }: PlannedCopy) =>
    sizeBytes > smallBytes || isLargeFileClaim(decided.rows.get(path)?.attempt?.claim?.owner ?? '');
  const batches = await writeNumbered(
    runFiles,
    'batches',
    batchesOf(copies.filter((copy) => !isLarge(copy))),
    signal,
  );
  const large = await writeNumbered(runFiles, 'large', largeFilesOf(copies.filter(isLarge)), signal);
  return listingOf(id, event, folder, seen, { copies, batches, large });

  function listingOf(
    runId: string,
    { look: number }: ListFolderEvent,
    { afterProof, maxBatchesAtOnce, maxFilesAtOnce }: DeployedFolder,
    { entries }: FolderLook,
    plan: { waitSeconds?: number; copies?: readonly PlannedCopy[]; batches?: number; large?: number },
  ): FolderListing {
    const keys = runKeys(defaults.partner, runId);
    const { copies: toCopy = [], batches: batchCount = 0, large: largeCount = 0 } = plan;
    return {
      run_id: runId,
      look: number,
      wait_seconds: plan.waitSeconds ?? 0,
      listed: entries.length,
      planned: toCopy.length,
      planned_bytes: toCopy.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      batches: batchCount,
      large_files: largeCount,
      batches_key: keys.batches,
      large_key: keys.large,
      results_prefix: keys.results,
      sessions: Math.max(1, Math.min(maxBatchesAtOnce, batchCount)),
      max_files_at_once: maxFilesAtOnce,
      settle: !isDry && afterProof.action !== 'none',
    };
  }
}

function folderOf({ folders, request }: ListFolderEvent): DeployedFolder {
  const folder = folders.find(({ name }) => name === request.folder);
  if (folder !== undefined) return folder;
  const known = folders.map(({ name }) => name).join(', ');
  throw new InvalidTransferRequestError('folder', request.folder, `it must be one of ${known}`);
}

/** The run's plan, before the server was asked where the folder is. */
function beginRun(
  { execution_id, started_at, request }: ListFolderEvent,
  folder: DeployedFolder,
  { bucket, keyPrefix }: ListingDefaults,
): { run: FolderRun; id: string } {
  const startedAtMs = Date.parse(started_at);
  const runAtMs =
    request.run_date === undefined ? startedAtMs : momentOfDate(request.run_date, folder.timeZone);
  const id = makeRunId('run', runAtMs, executionName(execution_id));
  return {
    id,
    run: {
      run_id: id,
      folder,
      root_path: folder.path,
      bucket,
      key_prefix: keyPrefix === '' ? '' : `${keyPrefix}/`,
      started_at_ms: startedAtMs,
      run_at_ms: runAtMs,
      force: request.force === true,
    },
  };
}

async function listOnce(
  folder: DeployedFolder,
  earlier: FolderLook['observations'],
  ports: ListFolderPorts,
  signal: AbortSignal,
): Promise<FolderLook & { secretVersionId: string | undefined }> {
  const { session } = await openCanary(ports, signal);
  try {
    const look = await lookAtFolder(session, folder, earlier, ports.clock.nowMs, signal);
    return { ...look, secretVersionId: session.secretVersionId };
  } finally {
    await session.end();
  }
}

const executionName = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

/** One quiet time from now at most: what is to wait for longer waits for another run. */
function secondsToWait(decisions: readonly Decision[], { ready }: DeployedFolder, nowMs: number): number {
  const waits = decisions.flatMap(({ readyAtMs }) => (readyAtMs === undefined ? [] : [readyAtMs - nowMs]));
  if (waits.length === 0) return 0;
  const longestMs = waits.reduce((longest, ms) => Math.max(longest, ms), 0);
  // Listing at the very moment could be a millisecond early.
  return Math.min(Math.ceil(longestMs / 1000), ready.quietSeconds) + 1;
}

function assertNotEmpty(folder: DeployedFolder, { entries }: FolderLook): void {
  if (entries.some(mayBeFile)) return;
  throw new SourceNotFoundError(`${folder.path} holds no file, and onEmptyFolder is "fail"`);
}

function toListedFile({ path, sizeBytes, modifiedAtSeconds, groups, trigger }: PlannedCopy): ListedFile {
  return {
    path,
    size_bytes: sizeBytes,
    modified_at_seconds: modifiedAtSeconds,
    groups: [...groups],
    ...(trigger !== undefined && {
      trigger: { size_bytes: trigger.sizeBytes, modified_at_seconds: trigger.modifiedAtSeconds },
    }),
  };
}

/** Makes each line as it is written, so that all of them are never in memory beside what they are made of. */
async function writeNumbered(
  runFiles: RunFiles,
  which: 'batches' | 'large',
  items: Iterable<object>,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  await runFiles.writeLines(which, numbered(), signal);
  return count;

  function* numbered(): Generator<object> {
    for (const item of items) {
      count += 1;
      yield { number: count, ...item };
    }
  }
}

/** One whose names are too long for a state is divided. */
function* batchesOf(copies: readonly PlannedCopy[]): Generator<{ files: ListedFile[] }> {
  for (const batch of planBatches(copies)) {
    for (const files of divide(batch.map(toListedFile))) yield { files };
  }
}

function* largeFilesOf(copies: readonly PlannedCopy[]): Generator<{ file: ListedFile }> {
  for (const copy of copies) yield { file: toListedFile(copy) };
}

function divide(files: ListedFile[]): ListedFile[][] {
  if (files.length < 2 || Buffer.byteLength(JSON.stringify(files)) <= MAX_BATCH_JSON_BYTES) return [files];
  const middle = Math.ceil(files.length / 2);
  return [...divide(files.slice(0, middle)), ...divide(files.slice(middle))];
}

function report(
  decisions: readonly Decision[],
  { entries, unread }: FolderLook,
  { telemetry, clock }: ListFolderPorts,
  startedMs: number,
): void {
  const seconds = (clock.nowMs() - startedMs) / 1000;
  const overdue = decisions.filter((decision) => decision.overdue === true).length;
  telemetry.metric('FilesListed', entries.length);
  telemetry.metric('ListingSeconds', seconds);
  if (overdue > 0) telemetry.metric('FilesOverdue', overdue);
  telemetry.info('folder listed', {
    listed: entries.length,
    seconds,
    overdue,
    unread_folders: unread.map(({ path }) => path).slice(0, 10),
    ...countOutcomes(decisions),
  });
}
