import { archiveMistake, archivePathOf } from '../../folder/archive-place.ts';
import { triggerPathOf } from '../../folder/ready/trigger.ts';
import type { FolderSettings } from '../../folder/settings.ts';
import { isSameFile, type LandedGeneration, type LedgerEntry } from '../../ledger/entry.ts';
import type { FileLedger } from '../../ledger/ports.ts';
import type { ObjectStore } from '../../s3/ports.ts';
import { InvalidTransferRequestError } from '../../transfer/errors.ts';
import { absolute } from '../../transfer/source/absolute-path.ts';
import type { SessionKeeper } from '../shared/session-keeper.ts';
import { type Settled, settleSource } from './settle-source.ts';

export interface SettleRun {
  settings: FolderSettings;
  rootPath: string;
  startedMs: number;
  nowMs: () => number;
  /** A file that has not landed yet is released by this trigger. */
  isTriggerNeeded: (triggerPath: string) => boolean;
  /** Called with how each source ended up. */
  onSettled: (path: string, settled: Settled) => void;
  /** The path that an earlier worker of the run did last: it is gone on from there. @default from the first */
  after?: string | undefined;
  /** False when the worker's time is nearly over. @default never */
  mayBegin?: () => boolean;
}

/** @throws InvalidTransferRequestError when, by its resolved path, the archive is inside what is read */
export function assertArchiveOutside(settings: FolderSettings, rootPath: string): void {
  const { action, to } = settings.afterProof;
  if (action !== 'move' || to === undefined) return;
  const mistake = archiveMistake({ root: rootPath, maxDepth: settings.maxDepth }, to);
  if (mistake !== undefined) throw new InvalidTransferRequestError('afterProof.to', to, mistake);
}

/**
 * Moves or removes the source of every generation that landed and still waits for it, of earlier runs as well, one
 * after the other over one session. What cannot be done stays LANDED with its error: it has been copied, and is never
 * copied again for it.
 * @returns the last path that was done, where the worker's time was over before all were; else undefined
 */
export async function settleSources(
  run: SettleRun,
  ports: { keeper: SessionKeeper; ledger: FileLedger; store: ObjectStore },
  signal: AbortSignal,
): Promise<string | undefined> {
  const { settings, after = '' } = run;
  const { action, graceHours } = settings.afterProof;
  if (action === 'none') return undefined;
  const waiting: (LedgerEntry & { landed: LandedGeneration })[] = [];
  for await (const entry of ports.ledger.list({ states: ['LANDED'] }, signal)) {
    const { landed } = entry;
    if (landed === undefined || landed.after.action === 'none' || entry.path <= after) continue;
    if (landed.landedAtMs + graceHours * 3_600_000 <= run.nowMs()) waiting.push({ ...entry, landed });
  }
  waiting.sort((one, other) => (one.path < other.path ? -1 : 1));
  let done = after;
  for (const { path, landed } of waiting) {
    if (run.mayBegin?.() === false) return done;
    signal.throwIfAborted();
    const settled = await settleOne(path, landed, run, ports, signal);
    await ports.ledger.markAfterProof({
      path,
      generation: landed.generation,
      after: settled.done ? { action } : { action, error: settled.error },
      done: settled.done,
    });
    run.onSettled(path, settled);
    done = path;
  }
  if (settings.afterProof.triggerToo) await settleTriggers(waiting, run, ports, signal);
  return undefined;
}

async function settleOne(
  path: string,
  landed: LandedGeneration,
  run: SettleRun,
  ports: { keeper: SessionKeeper; store: ObjectStore },
  signal: AbortSignal,
): Promise<Settled> {
  const { action, onConflict, createFolders } = run.settings.afterProof;
  const to = archivePathOf({ ...landed, path }, run);
  const request = {
    action: action as 'move' | 'delete',
    path: absolute(run.rootPath, path),
    ...(to !== undefined && { to }),
    onConflict,
    createFolders,
    landed,
  };
  for (;;) {
    const session = await ports.keeper.session();
    try {
      const settled = await settleSource(request, { folders: session.folders, store: ports.store }, signal);
      ports.keeper.proved();
      ports.keeper.gained();
      return settled;
    } catch (error) {
      const { name, message } = error as Error;
      if (name === 'SftpConnectionError' || name === 'SftpStalledError')
        await ports.keeper.replace(session, error);
      else if (signal.aborted) throw error;
      else return { done: false, error: { name, message } };
    }
  }
}

/** A trigger follows its data, once no data file that it released waits any more, and only as it was then. */
async function settleTriggers(
  settledFiles: readonly (LedgerEntry & { landed: LandedGeneration })[],
  run: SettleRun,
  ports: { keeper: SessionKeeper; ledger: FileLedger; store: ObjectStore },
  signal: AbortSignal,
): Promise<void> {
  const { trigger } = run.settings.ready;
  if (trigger === undefined || trigger.kind !== 'per-file') return;
  const byTrigger = new Map<string, (LedgerEntry & { landed: LandedGeneration })[]>();
  for (const entry of settledFiles) {
    if (entry.landed.trigger === undefined) continue;
    const path = triggerPathOf(trigger, entry.path);
    byTrigger.set(path, [...(byTrigger.get(path) ?? []), entry]);
  }
  for (const [path, entries] of byTrigger) {
    if (run.isTriggerNeeded(path)) continue;
    const rows = await Promise.all(entries.map((entry) => ports.ledger.get(entry.path, signal)));
    if (rows.some((row) => row?.landed?.after.doneAtMs === undefined || row.attempt !== undefined)) continue;
    const [first] = entries;
    const released = first?.landed.trigger;
    if (first === undefined || released === undefined) continue;
    if (entries.some(({ landed }) => landed.trigger === undefined || !isSameFile(landed.trigger, released)))
      continue;
    // Its own identity, and the object of a file that it released as the proof.
    const session = await ports.keeper.session();
    const seen = await session.folders.lookAt(absolute(run.rootPath, path), signal);
    const isAsThen =
      seen?.sizeBytes === released.sizeBytes && (seen.modifiedAtSeconds ?? 0) === released.modifiedAtSeconds;
    if (!isAsThen) continue;
    const from = absolute(run.rootPath, path);
    const to = archivePathOf({ ...first.landed, path }, run);
    const change =
      to === undefined
        ? await session.folders.remove(from, signal)
        : await session.folders.rename(from, to, signal);
    if (!change.done) {
      const message = `the server refuses (status ${change.status}: ${JSON.stringify(change.message)})`;
      run.onSettled(path, { done: false, error: { name: 'name-change-refused', message } });
    }
  }
}
