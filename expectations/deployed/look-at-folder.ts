import { z } from 'zod';
import { compilePattern } from '../../folder/path-pattern.ts';
import type { DeployedFolder } from '../../folder/run/deployed-folder.ts';
import { unpackSnapshot } from '../../folder/run/listing-snapshot.ts';
import { executionNameOf, isLargeFileClaim, makeRunId, runStartOf } from '../../folder/run/run-id.ts';
import { folderStateKeys, runKeys } from '../../folder/run/state-keys.ts';
import type { LedgerEntry } from '../../ledger/entry.ts';
import type { FileLedger } from '../../ledger/ports.ts';
import type { ObjectStore, StateFiles } from '../../s3/ports.ts';
import { generationExecutionName } from '../../transfer/generation-execution.ts';
import type { Arrival, Copying, Failure, Look, Sight, WaitingFile } from '../sight.ts';
import { finishedNames } from '../unfinished-name.ts';
import { copyProgress } from './copy-progress.ts';
import type { ExecutionReader, SeenExecution } from './executions.ts';
import { fingerprint } from './fingerprint.ts';

export interface FolderLookPorts {
  executions: Pick<ExecutionReader, 'since' | 'firstOutputs'>;
  store: Pick<ObjectStore, 'listParts'>;
  files: Pick<StateFiles, 'find'>;
  ledger: Pick<FileLedger, 'get' | 'list'>;
}

export interface FolderLookRequest {
  partner: string;
  folder: DeployedFolder;
  /** With its dates filled. */
  pattern: string;
  sinceMs: number;
  nowMs: number;
  /** ARNs of the partner's state machines. */
  folderMachineArn: string;
  transferMachineArn: string;
}

const requestSchema = z.object({
  folder: z.string(),
  run_date: z.string().optional(),
  dry_run: z.boolean().optional(),
  only: z.array(z.string()).optional(),
});
const decisionSchema = z.object({ path: z.string(), outcome: z.string(), reason: z.string().optional() });
type DecidedFile = z.infer<typeof decisionSchema>;

/** Letters, digits and what no glob gives a meaning to. */
const LITERAL = /^[\w./ @#%=,;&-]+$/;

/** What the ledger, and the runs since a moment, show of a folder's files that match a pattern. */
export async function lookAtFolder(
  request: FolderLookRequest,
  ports: FolderLookPorts,
  signal: AbortSignal,
): Promise<Sight> {
  const isWanted = matcher(request);
  const rows = await matchingRows(request, isWanted, ports.ledger, signal);
  const runs = await runsOf(request, ports, signal);
  const listed = await newestListing(request, runs, isWanted, ports, signal);
  const look = listed?.look;
  const copying = await copyingOf(request, rows, runs, listed, ports, signal);
  return {
    arrivals: [...rows.values()].flatMap(arrivalOf),
    copying,
    looks: look === undefined ? [] : [look],
    failures: [...runFailures(runs, listed), ...fileFailures(rows, runs, look, request.nowMs)],
  };
}

function matcher({ pattern, folder: { caseSensitive } }: FolderLookRequest): (path: string) => boolean {
  const compiled = compilePattern(pattern, { caseSensitive });
  return (path) => compiled.match(path) !== undefined;
}

/** A name without wildcards is one row; else the whole folder is read. */
async function matchingRows(
  { pattern, folder }: FolderLookRequest,
  isWanted: (path: string) => boolean,
  ledger: FolderLookPorts['ledger'],
  signal: AbortSignal,
): Promise<Map<string, LedgerEntry>> {
  const rows = new Map<string, LedgerEntry>();
  if (LITERAL.test(pattern) && folder.caseSensitive) {
    const row = await ledger.get(pattern, signal);
    if (row !== undefined) rows.set(row.path, row);
    return rows;
  }
  for await (const row of ledger.list({}, signal)) if (isWanted(row.path)) rows.set(row.path, row);
  return rows;
}

interface Run {
  execution: SeenExecution;
  id: string;
  request: z.infer<typeof requestSchema>;
}

/** Newest first; a dry run copies nothing, and so is none. */
async function runsOf(
  { folder, folderMachineArn, sinceMs }: FolderLookRequest,
  { executions }: FolderLookPorts,
  signal: AbortSignal,
): Promise<Run[]> {
  const runs: Run[] = [];
  for await (const execution of executions.since(folderMachineArn, sinceMs, () => true, signal)) {
    const request = requestSchema.safeParse(execution.input);
    if (!request.success || request.data.folder !== folder.name || request.data.dry_run === true) continue;
    runs.push({
      execution,
      id: makeRunId('run', execution.startedAtMs, execution.name),
      request: request.data,
    });
  }
  return runs;
}

interface Listing {
  look: Look;
  run: Run;
  files: readonly DecidedFile[];
}

/** Of the newest run that saw the whole folder and came to decide. */
async function newestListing(
  { partner, folder }: FolderLookRequest,
  runs: readonly Run[],
  isWanted: (path: string) => boolean,
  { files }: FolderLookPorts,
  signal: AbortSignal,
): Promise<Listing | undefined> {
  for (const run of runs) {
    // A run for a business date has another name, and one for some paths decides about those only.
    if (run.request.only !== undefined || run.request.run_date !== undefined) continue;
    const decisions = await files.find(runKeys(partner, run.id).decisions, signal);
    if (decisions === undefined) continue;
    const decided = linesOf(decisions.bytes).filter(
      ({ path, outcome }) =>
        isWanted(path) || (outcome === 'ignored-temporary' && finishedNames(path).some(isWanted)),
    );
    const snapshot = await files.find(folderStateKeys(partner, folder.name).listing, signal);
    const isComplete =
      snapshot !== undefined && (await unpackSnapshot(snapshot.bytes, folder.name)).isComplete;
    const waiting = decided.flatMap((file) => waitingOf(file, run));
    return { run, files: decided, look: { atMs: run.execution.startedAtMs, isComplete, waiting } };
  }
  return undefined;
}

/** These have a row in the ledger, which knows more. */
const IN_THE_LEDGER = new Set(['landed', 'owned-by-other', 'failed-too-often']);

function waitingOf({ path, outcome, reason }: DecidedFile, { execution }: Run): WaitingFile[] {
  if (IN_THE_LEDGER.has(outcome)) return [];
  // Planned, and given back: it changed or vanished before its copy was done.
  if (outcome === 'copy') return execution.status === 'SUCCEEDED' ? [{ path, reason: 'changed' }] : [];
  return [{ path, reason: outcome === 'not-ready' && reason !== undefined ? reason : outcome }];
}

async function copyingOf(
  { transferMachineArn, nowMs }: FolderLookRequest,
  rows: ReadonlyMap<string, LedgerEntry>,
  runs: readonly Run[],
  listed: Listing | undefined,
  { executions, store }: FolderLookPorts,
  signal: AbortSignal,
): Promise<Copying[]> {
  const copying: Copying[] = [];
  for (const { path, attempt } of rows.values()) {
    const claim = attempt?.claim;
    if (claim === undefined || claim.untilMs <= nowMs || isRunOver(claim.owner, runs)) continue;
    const runId = claim.owner.slice(0, claim.owner.indexOf('/'));
    const name = generationExecutionName(runId, path, attempt?.generation ?? 0);
    const arn = `${transferMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const progress = isLargeFileClaim(claim.owner)
      ? await copyProgress(arn, executions, store, signal)
      : undefined;
    const sinceMs = runStartOf(claim.owner) ?? nowMs;
    copying.push({ path, sinceMs, ...(progress !== undefined && { progress }) });
  }
  if (listed?.run.execution.status === 'RUNNING') {
    const planned = listed.files.filter(({ path, outcome }) => outcome === 'copy' && !rows.has(path));
    copying.push(...planned.map(({ path }) => ({ path, sinceMs: listed.look.atMs })));
  }
  return copying;
}

/** A large file's lease is as long as a transfer may take: whether the run still works on it, its execution says. */
function isRunOver(owner: string, runs: readonly Run[]): boolean {
  const name = executionNameOf(owner);
  return runs.some(({ execution }) => execution.name === name && execution.endedAtMs !== undefined);
}

/** Runs that ended before they had decided: nothing is known of the files since. */
function runFailures(runs: readonly Run[], listed: Listing | undefined): Failure[] {
  const later = listed === undefined ? runs : runs.slice(0, runs.indexOf(listed.run));
  return later.flatMap(({ execution }) => {
    const { endedAtMs, status, errorName, message, name } = execution;
    if (endedAtMs === undefined || status === 'SUCCEEDED') return [];
    return [{ atMs: endedAtMs, errorName, message, execution: name }];
  });
}

function fileFailures(
  rows: ReadonlyMap<string, LedgerEntry>,
  runs: readonly Run[],
  look: Look | undefined,
  nowMs: number,
): Failure[] {
  return [...rows.values()].flatMap(({ path, attempt }) => {
    // A later look has found it unfinished again: then that is the news.
    if (attempt === undefined || look?.waiting.some((file) => file.path === path)) return [];
    const { error, claim } = attempt;
    const isLost = claim !== undefined && (claim.untilMs <= nowMs || isRunOver(claim.owner, runs));
    if (attempt.state === 'CLAIMED' && !isLost) return [];
    // The ledger holds it now, however long ago it happened.
    const errorName = error?.name ?? 'WorkerLost';
    const message = error?.message ?? 'the run that copied it ended without a word';
    return [{ atMs: nowMs, errorName, message, path }];
  });
}

function arrivalOf({ path, landed }: LedgerEntry): Arrival[] {
  if (landed === undefined) return [];
  const { sizeBytes, modifiedAtSeconds, landedAtMs } = landed;
  return [{ path, sizeBytes, landedAtMs, identity: fingerprint(path, sizeBytes, modifiedAtSeconds) }];
}

function linesOf(bytes: Uint8Array): DecidedFile[] {
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => decisionSchema.parse(JSON.parse(line)));
}
