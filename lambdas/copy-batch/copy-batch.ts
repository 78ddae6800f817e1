import type { LandedObject } from '../../ledger/entry.ts';
import type { FileLedger } from '../../ledger/ports.ts';
import type { ObjectStore } from '../../s3/ports.ts';
import type { SftpSession } from '../../sftp/ports.ts';
import { isPartnerLost, SourceChangedError, SourceNotAFileError } from '../../transfer/errors.ts';
import type { CopyOutcome, CopySettings, FileToCopy } from './batch.ts';
import type { ByteBudget } from './byte-budget.ts';
import { type ClaimedFile, copyClaimed, endsTheRun } from './claimed-file.ts';
import { toLandedObject } from './find-landed.ts';

/** Files under way at a time over one session: what one answers, the next has asked for. */
const FILES_IN_FLIGHT = 8;
/** A small file is copied in seconds; a worker that is gone holds up its files for so long. */
const BATCH_LEASE_MS = 120_000;

/** Sessions that one file may lose before it is the file's fault, and not the line's. */
const MAX_LOST_SESSIONS = 3;

/** Keeps one session alive for several users; see SessionKeeper. */
export interface KeptSession {
  session(): Promise<SftpSession>;
  proved(): void;
  gained(): void;
  replace(lost: SftpSession, cause: unknown): Promise<void>;
}

export interface BatchPorts {
  keeper: KeptSession;
  ledger: FileLedger;
  store: Pick<ObjectStore, 'putObject' | 'headObject'>;
  serverUrl: string;
  /** Random, never the same twice. */
  newId: () => string;
  /** Memory for the files under way. */
  budget: ByteBudget;
  /** Base64 CRC64NVME. */
  checksum: (bytes: Buffer) => string;
}

export interface BatchRun {
  owner: string;
  /** False when the worker's time is nearly over: what has not begun is left. */
  mayBegin: () => boolean;
  onOutcome?: (outcome: CopyOutcome) => void;
  leaseMs?: number;
}

/**
 * Copies many small files over one session, several at a time. Each is claimed, read whole, checked again, put in
 * one request and committed by itself: some may land while others fail. A session that is lost is replaced; one that
 * is refused ends the batch, since a second try could get us banned.
 *
 * @returns the files that were not begun
 * @throws SftpAuthenticationError | HostKeyMismatchError; SftpConnectionError | SftpStalledError |
 *   SftpRequestFailedError when reconnecting gains nothing any more; LedgerUnavailableError, or the signal's reason;
 *   what was under way then is given back
 */
export async function copyBatch(
  files: readonly FileToCopy[],
  settings: CopySettings,
  run: BatchRun,
  ports: BatchPorts,
  signal: AbortSignal,
): Promise<FileToCopy[]> {
  const waiting = [...files];
  const stop = new AbortController();
  const stopped = AbortSignal.any([signal, stop.signal]);
  const { owner, leaseMs = BATCH_LEASE_MS } = run;
  const endsRun = endsTheRun(stopped);
  const isFatal = (error: unknown): boolean => error instanceof SessionGivenUp || endsRun(error);

  const workOn = async (): Promise<void> => {
    while (run.mayBegin() && !stopped.aborted) {
      const file = waiting.shift();
      if (file === undefined) return;
      const giveBack = await ports.budget.take(file.sizeBytes);
      try {
        stopped.throwIfAborted();
        const copy = (claimed: ClaimedFile) => copyWhole(claimed, settings, ports, stopped);
        const outcome = await copyClaimed(file, settings, { owner, leaseMs, isFatal }, ports, copy, stopped);
        run.onOutcome?.(outcome);
      } finally {
        giveBack();
      }
    }
  };
  const workers = Array.from({ length: FILES_IN_FLIGHT }, () =>
    workOn().catch((error: unknown) => {
      const reason = error instanceof SessionGivenUp ? error.cause : error;
      stop.abort(reason);
      throw reason;
    }),
  );
  const settled = await Promise.allSettled(workers);
  signal.throwIfAborted();
  if (stop.signal.aborted) throw stop.signal.reason;
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return waiting;
}

/** Reads, proves that nothing changed meanwhile, and puts. */
async function copyWhole(
  file: ClaimedFile,
  settings: CopySettings,
  ports: BatchPorts,
  signal: AbortSignal,
): Promise<LandedObject> {
  const bytes = await readUnchanged(file, ports.keeper, signal);
  const target = { bucket: settings.bucket, key: file.key };
  const put = await ports.store.putObject(
    {
      ...target,
      bytes,
      checksumCrc64Nvme: ports.checksum(bytes),
      metadata: file.metadata,
      onlyIfAbsent: settings.ifExists === 'fail',
    },
    signal,
  );
  return toLandedObject(target, put);
}

/**
 * All bytes, once size and time are the planned ones before and after they were read: before, of the open file; after,
 * of its path, so that a replaced file does not become an object either.
 */
async function readUnchanged(file: ClaimedFile, keeper: KeptSession, signal: AbortSignal): Promise<Buffer> {
  for (let lost = 0; ; lost += 1) {
    signal.throwIfAborted();
    const session = await keeper.session().catch(giveUpSession);
    try {
      const { bytes, stat } = await session.folders.readWhole(file.absolutePath, file.sizeBytes, signal);
      const after = await session.stat(file.absolutePath, signal);
      keeper.proved();
      keeper.gained();
      for (const seen of [stat, after]) assertPlanned(file, seen);
      return bytes;
    } catch (error) {
      if (!isPartnerLost(error) || lost === MAX_LOST_SESSIONS) throw error;
      signal.throwIfAborted();
      await keeper.replace(session, error).catch(giveUpSession);
    }
  }
}

/** There is no session, and there will be none: no file of the batch can be read any more. */
class SessionGivenUp extends Error {
  override readonly name = 'SessionGivenUp';
}

function giveUpSession(cause: unknown): never {
  throw new SessionGivenUp('no session', { cause });
}

function assertPlanned(
  file: ClaimedFile,
  seen: { kind: string; sizeBytes: number; modifiedAtSeconds: number },
): void {
  if (seen.kind !== 'file' && seen.kind !== 'unknown')
    throw new SourceNotAFileError(`${file.path} is no longer a regular file`);
  if (seen.sizeBytes === file.sizeBytes && seen.modifiedAtSeconds === file.modifiedAtSeconds) return;
  throw new SourceChangedError(`${file.path} changed since it was listed`);
}
