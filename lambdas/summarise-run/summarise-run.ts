import { z } from 'zod';
import type { StateFiles } from '../../s3/ports.ts';
import type { Clock } from '../../transfer/clock.ts';
import { FolderPartlyFailedError } from '../../transfer/errors.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import { counted } from '../../transfer/text/counted.ts';
import { type FileOutcome, type Refusal, RunFiles } from '../shared/run-files.ts';
import type { RunSummary, SummariseRunEvent } from './event.ts';

/** Failed files that the error names; all are in the run's outcomes. */
const MAX_NAMED_FILES = 10;

const batchSchema = z.object({ files: z.array(z.object({ path: z.string() })) });
const largeSchema = z.object({ file: z.object({ path: z.string() }) });

export interface SummariseRunPorts {
  files: StateFiles;
  telemetry: Telemetry;
  clock: Pick<Clock, 'nowMs'>;
}

/**
 * What a run came to: every file that was planned has an outcome, or counts as failed. Nothing is a success that was
 * not noted as one.
 * @throws FolderPartlyFailedError naming the first ten files that failed; UploadFailedError
 */
export async function summariseRun(
  { run: state }: SummariseRunEvent,
  { files, telemetry, clock }: SummariseRunPorts,
  partner: string,
  signal: AbortSignal,
): Promise<RunSummary> {
  const { request, listing, settled, settle_error } = state;
  const runFiles = new RunFiles(files, partner, listing.run_id);
  // A dry run has planned nothing.
  const startedMs = listing.planned === 0 ? clock.nowMs() : (await runFiles.run(signal)).started_at_ms;
  const outcomes = await lastOutcomes(runFiles, signal);
  const planned = listing.planned === 0 ? [] : await plannedPaths(runFiles, signal);
  const failures = planned.flatMap((path) => failureOf(path, outcomes.get(path)));
  const noted = [...outcomes.values()];
  const landed = noted.filter(({ status }) => status === 'landed');
  const alreadyLanded = noted.filter(isLandedElsewhere);
  const summary: RunSummary = {
    folder: request.folder,
    run_id: listing.run_id,
    listed: listing.listed,
    copied: landed.length,
    already_landed: alreadyLanded.length,
    not_ready: planned.length - landed.length - alreadyLanded.length - failures.length,
    failed: failures.length,
    bytes: landed.reduce((sum, { size_bytes = 0 }) => sum + size_bytes, 0),
    sources_left: settled?.left ?? 0,
    settle_error: settle_error?.Error ?? null,
    seconds: (clock.nowMs() - startedMs) / 1000,
  };
  telemetry.info('folder run ended', { ...summary });
  if (failures.length > 0) {
    telemetry.metric('FilesFailed', failures.length);
    throw new FolderPartlyFailedError(describeFailures(summary, failures, await runFiles.refusal(signal)));
  }
  return summary;
}

interface FailedFile {
  path: string;
  why: string;
}

/** Of two outcomes of one file, which one counts: what landed once has landed, and a failure is not forgotten. */
const RANK: Partial<Record<FileOutcome['status'], number>> = { landed: 2, failed: 1 };

async function lastOutcomes(runFiles: RunFiles, signal: AbortSignal): Promise<Map<string, FileOutcome>> {
  const outcomes = new Map<string, FileOutcome>();
  for await (const outcome of runFiles.outcomes(signal)) {
    const known = outcomes.get(outcome.path);
    const rankOf = ({ status }: FileOutcome): number => RANK[status] ?? 0;
    if (known === undefined || rankOf(outcome) > rankOf(known)) outcomes.set(outcome.path, outcome);
  }
  return outcomes;
}

async function plannedPaths(runFiles: RunFiles, signal: AbortSignal): Promise<string[]> {
  const batches = (await runFiles.readLines('batches', signal)) ?? [];
  const large = (await runFiles.readLines('large', signal)) ?? [];
  return [
    ...batches.flatMap((line) => batchSchema.parse(line).files.map(({ path }) => path)),
    ...large.map((line) => largeSchema.parse(line).file.path),
  ];
}

function failureOf(path: string, outcome: FileOutcome | undefined): FailedFile[] {
  if (outcome === undefined) return [{ path, why: 'not copied: its worker failed' }];
  if (outcome.status === 'failed') return [{ path, why: outcome.error?.name ?? 'failed' }];
  return outcome.status === 'not-tried' ? [{ path, why: 'not tried: the login was refused' }] : [];
}

function isLandedElsewhere({ status, reason }: FileOutcome): boolean {
  return status === 'not-claimed' && reason === 'landed';
}

function describeFailures(
  { folder, copied, failed, run_id }: RunSummary,
  failures: readonly FailedFile[],
  refusal: Refusal | undefined,
): string {
  const named = failures
    .slice(0, MAX_NAMED_FILES)
    .map(({ path, why }) => `${JSON.stringify(path)} (${why})`)
    .join(', ');
  const more = failed > MAX_NAMED_FILES ? `, and ${failed - MAX_NAMED_FILES} more` : '';
  const refused =
    refusal === undefined ? '' : ` The server let nobody in: ${refusal.name}: ${refusal.message}`;
  return `${failed} of ${counted(copied + failed, 'file')} of the folder ${folder} did not land: ${named}${more}. Run ${run_id}.${refused}`;
}
