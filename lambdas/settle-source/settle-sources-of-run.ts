import { z } from 'zod';
import type { Decision } from '../../folder/decision.ts';
import type { FolderRun } from '../../folder/run/folder-run.ts';
import type { FileLedger } from '../../ledger/ports.ts';
import type { ObjectStore, StateFiles } from '../../s3/ports.ts';
import { withPlannedSecret } from '../shared/partner-session.ts';
import { isRefusal, RunFiles } from '../shared/run-files.ts';
import { type KeeperPorts, SessionKeeper } from '../shared/session-keeper.ts';
import type { SettledSources, SettleSourceEvent } from './event.ts';
import { settleSources } from './settle-sources.ts';
import { triggerNeed } from './trigger-need.ts';

/** Nothing is begun later than this before the function's end: a rename takes a few round trips. */
const LAST_START_MS = 60_000;

export interface SettleSourcesPorts extends KeeperPorts {
  files: StateFiles;
  store: ObjectStore;
  ledgerOf: (folder: string) => FileLedger;
}

const decidedSchema = z.object({ path: z.string(), outcome: z.string() });

/**
 * Moves or removes the sources of what has landed in a folder, over one session. Once the server has refused a login
 * in this run, nothing is tried.
 * @throws SftpAuthenticationError | HostKeyMismatchError; SftpConnectionError | SftpStalledError |
 *   SftpRequestFailedError when reconnecting gains nothing any more; LedgerUnavailableError | UploadFailedError
 */
export async function settleSourcesOfRun(
  { run_id, after }: SettleSourceEvent,
  ports: SettleSourcesPorts,
  { partner, deadlineAtMs }: { partner: string; deadlineAtMs: number },
  signal: AbortSignal,
): Promise<SettledSources> {
  const runFiles = new RunFiles(ports.files, partner, run_id);
  const result: SettledSources = { is_done: true, after: null, settled: 0, left: 0 };
  if ((await runFiles.refusal(signal)) !== undefined) return result;
  const run = await runFiles.run(signal);
  const { folder } = run;
  const ledger = ports.ledgerOf(folder.name);
  const keeper = new SessionKeeper(withPlannedSecret(ports, run), signal);
  try {
    const done = await settleSources(
      {
        settings: folder,
        rootPath: run.root_path,
        startedMs: run.run_at_ms,
        nowMs: ports.clock.nowMs,
        isTriggerNeeded: await triggersNeeded(run, runFiles, ledger, signal),
        onSettled: (path, settled) => {
          if (settled.done) {
            result.settled += 1;
            return;
          }
          result.left += 1;
          const { name, message } = settled.error;
          ports.telemetry.warn('source left where it is', { path, error_name: name, error_message: message });
        },
        after: after ?? undefined,
        mayBegin: () => ports.clock.nowMs() + LAST_START_MS < deadlineAtMs,
      },
      { keeper, ledger, store: ports.store },
      signal,
    );
    if (result.left > 0) ports.telemetry.metric('SourcesLeft', result.left);
    return { ...result, is_done: done === undefined, after: done ?? null };
  } catch (error) {
    const { name, message } = error as Error;
    if (isRefusal(name)) await runFiles.noteRefusal({ name, message }, signal);
    throw error;
  } finally {
    await keeper.end();
  }
}

/** A trigger stays while a file that it releases has not landed, by the listing and by the ledger as it is now. */
async function triggersNeeded(
  { folder }: FolderRun,
  runFiles: RunFiles,
  ledger: FileLedger,
  signal: AbortSignal,
): Promise<(triggerPath: string) => boolean> {
  const isAsked = folder.afterProof.triggerToo && folder.ready.trigger?.kind === 'per-file';
  if (!isAsked) return () => false;
  const lines = (await runFiles.readLines('decisions', signal)) ?? [];
  const decisions = lines.map((line) => decidedSchema.parse(line) as Pick<Decision, 'path' | 'outcome'>);
  const landed = new Set<string>();
  for await (const { path } of ledger.list({ states: ['LANDED', 'DONE'] }, signal)) landed.add(path);
  const copied = decisions.filter(({ path, outcome }) => outcome === 'copy' && landed.has(path));
  return triggerNeed(folder, decisions, new Set(copied.map(({ path }) => path)));
}
