import { randomUUID } from 'node:crypto';
import { planBatches } from '../../folder/batches.ts';
import type { CopyOutcome, CopySettings, FileToCopy } from '../../lambdas/copy-batch/batch.ts';
import { ByteBudget } from '../../lambdas/copy-batch/byte-budget.ts';
import { copyBatch } from '../../lambdas/copy-batch/copy-batch.ts';
import type { FileLedger } from '../../ledger/ports.ts';
import { crc64NvmeOf } from '../../s3/crc64-nvme/hasher.ts';
import type { ObjectStore } from '../../s3/ports.ts';
import { MIB } from '../../transfer/text/units.ts';
import type { RunSessions } from './run-sessions.ts';

/** Memory for small files under way, over all sessions of a run. */
const SMALL_FILES_BUDGET_BYTES = 256 * MIB;

export interface CopyPorts {
  sessions: RunSessions;
  ledger: FileLedger;
  store: ObjectStore;
}

export interface CopyRun {
  runId: string;
  /** Sessions at a time. */
  maxSessions: number;
  onOutcome: (outcome: CopyOutcome) => void;
  leaseMs?: number;
}

/**
 * Copies small files in batches, each session taking the next batch when it has done one. The first session is opened
 * alone: should the server refuse it, nobody knocks a second time.
 * @throws what ends the whole run: see copyBatch
 */
export async function copySmallFiles(
  files: readonly FileToCopy[],
  settings: CopySettings,
  run: CopyRun,
  { sessions, ledger, store }: CopyPorts,
  signal: AbortSignal,
): Promise<void> {
  const batches = planBatches(files);
  if (batches.length === 0) return;
  const budget = new ByteBudget(SMALL_FILES_BUDGET_BYTES);
  const stop = new AbortController();
  const stopped = AbortSignal.any([signal, stop.signal]);
  const first = sessions.keep(stopped);
  await first.session().catch(async (error: unknown) => {
    await first.end();
    throw error;
  });

  const workOn = async (worker: number): Promise<void> => {
    const keeper = worker === 0 ? first : sessions.keep(stopped);
    try {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        const batchRun = {
          owner: `${run.runId}/${worker}`,
          mayBegin: () => true,
          onOutcome: run.onOutcome,
          ...(run.leaseMs !== undefined && { leaseMs: run.leaseMs }),
        };
        const ports = {
          keeper,
          ledger,
          store,
          serverUrl: sessions.serverUrl,
          newId: randomUUID,
          budget,
          checksum: crc64NvmeOf,
        };
        await copyBatch(batch, settings, batchRun, ports, stopped);
      }
    } catch (error) {
      stop.abort(error);
      throw error;
    } finally {
      await keeper.end();
    }
  };
  const workers = Math.min(run.maxSessions, batches.length);
  await Promise.allSettled(Array.from({ length: workers }, (_, worker) => workOn(worker)));
  signal.throwIfAborted();
  if (stop.signal.aborted) throw stop.signal.reason;
}
