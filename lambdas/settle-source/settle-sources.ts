import { archiveMistake, archivePathOf } from '../../folder/archive-place.ts';
import { triggerPathOf } from '../../folder/ready/trigger.ts';
import type { FolderSettings } from '../../folder/settings.ts';
import { isSameFile, type LandedGeneration } from '../../ledger/entry.ts';
import type { FileLedger } from '../../ledger/ports.ts';
import type { ObjectStore } from '../../s3/ports.ts';
import type { FolderOperations } from '../../sftp/folder/ports.ts';
import { InvalidTransferRequestError, isPartnerLost } from '../../transfer/errors.ts';
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

/** Its file has landed, and is to be moved or removed. */
interface WaitingEntry {
  path: string;
  landed: LandedGeneration;
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
  const waiting: WaitingEntry[] = [];
  for await (const entry of ports.ledger.list({ states: ['LANDED'] }, signal)) {
    const { landed } = entry;
    if (landed === undefined || landed.after.action === 'none' || entry.path <= after) continue;
    if (landed.landedAtMs + graceHours * 3_600_000 <= run.nowMs()) waiting.push({ path: entry.path, landed });
  }
  waiting.sort((one, other) => (one.path < other.path ? -1 : 1));
  const triggers = triggersByLastFile(waiting, settings);
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
    // At once: who comes after this worker, or after its end, does not see the files that are done.
    const trigger = triggers.get(path);
    if (trigger !== undefined) await settleTrigger(trigger, run, ports, signal);
    done = path;
  }
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
  return overSessions(ports.keeper, signal, (folders) =>
    settleSource(request, { folders, store: ports.store }, signal),
  );
}

/** A file at which one more session is lost stays where it is: the server may break at it each time. */
const MAX_LOST_SESSIONS = 1;

/** Works over another session where one is lost. Any other error is the file's, and it stays where it is. */
async function overSessions(
  keeper: SessionKeeper,
  signal: AbortSignal,
  work: (folders: FolderOperations) => Promise<Settled>,
): Promise<Settled> {
  for (let lost = 0; ; lost += 1) {
    const session = await keeper.session();
    // It let us in, so the loss of it is worth a reconnect, also at the first file.
    keeper.proved();
    try {
      const settled = await work(session.folders);
      keeper.gained();
      return settled;
    } catch (error) {
      if (signal.aborted) throw error;
      if (isPartnerLost(error)) {
        await keeper.replace(session, error);
        if (lost < MAX_LOST_SESSIONS) continue;
      }
      const { name, message } = error as Error;
      return { done: false, error: { name, message } };
    }
  }
}

/** A trigger, with the files that wait and that it has released, in order. */
interface ReleasingTrigger {
  path: string;
  released: WaitingEntry[];
}

function triggersByLastFile(
  waiting: readonly WaitingEntry[],
  { ready: { trigger }, afterProof }: FolderSettings,
): ReadonlyMap<string, ReleasingTrigger> {
  if (!afterProof.triggerToo || trigger === undefined || trigger.kind !== 'per-file') return new Map();
  const byTrigger = new Map<string, WaitingEntry[]>();
  for (const entry of waiting) {
    if (entry.landed.trigger === undefined) continue;
    const path = triggerPathOf(trigger, entry.path);
    const released = byTrigger.get(path);
    if (released === undefined) byTrigger.set(path, [entry]);
    else released.push(entry);
  }
  return new Map(
    [...byTrigger].map(([path, released]) => [(released.at(-1) as WaitingEntry).path, { path, released }]),
  );
}

/** A trigger follows its data, once no data file that it released waits any more, and only as it was then. */
async function settleTrigger(
  { path, released: entries }: ReleasingTrigger,
  run: SettleRun,
  ports: { keeper: SessionKeeper; ledger: FileLedger },
  signal: AbortSignal,
): Promise<void> {
  if (run.isTriggerNeeded(path)) return;
  const rows = await Promise.all(entries.map((entry) => ports.ledger.get(entry.path, signal)));
  if (rows.some((row) => row?.landed?.after.doneAtMs === undefined || row.attempt !== undefined)) return;
  const [first] = entries;
  const released = first?.landed.trigger;
  if (first === undefined || released === undefined) return;
  if (entries.some(({ landed }) => landed.trigger === undefined || !isSameFile(landed.trigger, released)))
    return;
  const from = absolute(run.rootPath, path);
  const to = archivePathOf({ ...first.landed, path }, run);
  const settled = await overSessions(ports.keeper, signal, async (folders) => {
    // Its own identity, and the object of a file that it released as the proof.
    const seen = await folders.lookAt(from, signal);
    const isAsThen =
      seen?.sizeBytes === released.sizeBytes && (seen.modifiedAtSeconds ?? 0) === released.modifiedAtSeconds;
    if (!isAsThen) return { done: true };
    const change =
      to === undefined ? await folders.remove(from, signal) : await folders.rename(from, to, signal);
    if (change.done) return change;
    const message = `the server refuses (status ${change.status}: ${JSON.stringify(change.message)})`;
    return { done: false, error: { name: 'name-change-refused', message } };
  });
  if (!settled.done) run.onSettled(path, settled);
}
