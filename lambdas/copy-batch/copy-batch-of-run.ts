import type { FileLedger } from '../../ledger/ports.ts';
import type { ObjectStore, StateFiles } from '../../s3/ports.ts';
import type { LogFields } from '../../transfer/telemetry.ts';
import { copySettings, toFileOutcome, toFileToCopy } from '../shared/copy-settings.ts';
import { withPlannedSecret } from '../shared/partner-session.ts';
import { type FileOutcome, isRefusal, RunFiles } from '../shared/run-files.ts';
import { type KeeperPorts, SessionKeeper } from '../shared/session-keeper.ts';
import type { CopyOutcome } from './batch.ts';
import type { ByteBudget } from './byte-budget.ts';
import { copyBatch } from './copy-batch.ts';
import type { BatchProgress, CopyBatchEvent } from './event.ts';

/** Nothing is begun later than this before the function's end: a small file is copied in less. */
const LAST_START_MS = 60_000;

export interface CopyBatchPorts extends KeeperPorts {
  files: StateFiles;
  store: Pick<ObjectStore, 'putObject' | 'headObject'>;
  ledgerOf: (folder: string) => FileLedger;
  newId: () => string;
  budget: ByteBudget;
  checksum: (bytes: Buffer) => string;
}

/**
 * Copies one batch of a run over one session, and notes what came of each file. Once the server has refused a login,
 * no further one is tried in the run.
 * @throws SftpAuthenticationError | HostKeyMismatchError; SftpConnectionError | SftpStalledError |
 *   SftpRequestFailedError when reconnecting gains nothing any more; LedgerUnavailableError; UploadFailedError when S3
 *   does not take the notes
 */
export async function copyBatchOfRun(
  { run_id, batch, progress }: CopyBatchEvent,
  ports: CopyBatchPorts,
  { partner, deadlineAtMs }: { partner: string; deadlineAtMs: number },
  signal: AbortSignal,
): Promise<BatchProgress> {
  const runFiles = new RunFiles(ports.files, partner, run_id);
  const places = progress.left ?? batch.files.map((_, place) => place);
  const listed = places.flatMap((place) => batch.files[place] ?? []);
  const outcomes: FileOutcome[] = [];
  const worker = `batch-${String(batch.number).padStart(6, '0')}-${ports.newId()}`;
  if ((await runFiles.refusal(signal)) !== undefined) {
    const notTried = listed.map(({ path }): FileOutcome => ({ path, status: 'not-tried' }));
    await runFiles.noteOutcomes(worker, notTried, signal);
    return { left: [], is_done: true, landed: 0, failed: 0, logins: 0 };
  }

  const run = await runFiles.run(signal);
  const keeper = new SessionKeeper(withPlannedSecret(ports, run), signal);
  const onOutcome = (outcome: CopyOutcome): void => {
    outcomes.push(toFileOutcome(outcome));
    if (outcome.status === 'landed') ports.telemetry.metric('FilesLanded', 1);
    if (outcome.status !== 'landed') ports.telemetry.warn('file not copied', describe(outcome));
  };
  try {
    const left = await copyBatch(
      listed.map(toFileToCopy),
      copySettings(run, batch.files),
      {
        owner: `${run_id}/batch-${batch.number}`,
        mayBegin: () => ports.clock.nowMs() + LAST_START_MS < deadlineAtMs,
        onOutcome,
      },
      {
        ...ports,
        keeper,
        ledger: ports.ledgerOf(run.folder.name),
        serverUrl: ports.server.url,
      },
      signal,
    );
    const leftPaths = new Set(left.map(({ path }) => path));
    const leftPlaces = places.filter((place) => leftPaths.has(batch.files[place]?.path ?? ''));
    return {
      left: leftPlaces,
      is_done: leftPlaces.length === 0,
      landed: outcomes.filter(({ status }) => status === 'landed').length,
      failed: outcomes.filter(({ status }) => status === 'failed').length,
      logins: keeper.logins,
    };
  } catch (error) {
    const { name, message } = error as Error;
    if (isRefusal(name)) await runFiles.noteRefusal({ name, message }, signal);
    throw error;
  } finally {
    await keeper.end();
    // Without the signal: what landed is noted also when the function's time is over.
    await runFiles.noteOutcomes(worker, outcomes, new AbortController().signal);
  }
}

function describe(outcome: CopyOutcome): LogFields {
  const { path, status, error, reason } = toFileOutcome(outcome);
  return { path, status, reason, error_name: error?.name, error_message: error?.message };
}
