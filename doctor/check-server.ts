import { randomUUID } from 'node:crypto';
import { type FolderSettings, folderSettingsSchema } from '../folder/settings.ts';
import type { Clock } from '../transfer/clock.ts';
import { DeadlineReached } from '../transfer/deadline.ts';
import { MAX_FILE_SIZE_BYTES } from '../transfer/plan/plan-chunks.ts';
import { describeFailure, type OwnSide } from './diagnosis/failure-report.ts';
import type { EgressEcho, ProbeSession, ServerProbe } from './ports.ts';
import { recommend } from './recommendation.ts';
import type { Recommendation, ServerCheckReport, Stage } from './report.ts';
import { StageFailure, StageLog } from './stage-log.ts';
import { type ConnectionFacts, connectInStages, noFacts } from './stages/connection-stages.ts';
import { measureEgress } from './stages/egress-stage.ts';
import {
  type CheckedFile,
  compareInStages,
  readInStages,
  skipReads,
  statInStages,
} from './stages/file-stages.ts';
import { listInStage, proveAfterInStage } from './stages/folder-stages.ts';
import { prepareInStages } from './stages/preparation-stages.ts';
import { countChannels, openConnections } from './stages/session-stages.ts';
import { measureThroughput, measureTogether } from './stages/throughput-stages.ts';

export interface ServerCheckRequest {
  /** The file to read; without it, reading and throughput are skipped. */
  path?: string | undefined;
  /** How the folder at the path is to be listed. @default its own names, all of them */
  folder?: FolderSettings | undefined;
  /** Whether to try, with a file of ours, if files may be renamed and removed in the folder. @default false */
  afterProof?: boolean | undefined;
  /** Sessions that are free for this check: the most that it opens. @default as many as it counts up to */
  freeSessions?: number | undefined;
  /** Size to recommend settings for. @default the size of the file */
  fileSizeBytes?: number | undefined;
}

export interface ServerCheckPorts {
  probe: ServerProbe;
  /** @default the stage is left out */
  echo?: EgressEcho | undefined;
  clock: Clock;
  /** Called with every stage as soon as it is over. */
  onStage?: (stage: Stage) => void;
}

interface RunningCheck extends ServerCheckPorts {
  log: StageLog;
  facts: ConnectionFacts;
}

/**
 * Goes through everything that a transfer needs of a partner's server, in order, and stops at the first failure,
 * which it reports with whose fault it is. One login is tried; more only after it succeeded, to count connections.
 * @throws only the signal's reason, when that is not the deadline
 */
export async function checkServer(
  request: ServerCheckRequest,
  ports: ServerCheckPorts,
  ownSide: OwnSide,
  signal: AbortSignal,
): Promise<ServerCheckReport> {
  const { clock, probe, onStage = () => {} } = ports;
  const startedMs = clock.nowMs();
  const check = { ...ports, log: new StageLog(clock, onStage), facts: noFacts() };
  const { stages } = check.log;
  const finish = (outcome: Pick<ServerCheckReport, 'failure' | 'recommendation'>): ServerCheckReport => ({
    status: outcome.failure === null ? 'HEALTHY' : 'FAILED',
    server: `${probe.host}:${probe.port}`,
    started_at: new Date(startedMs).toISOString(),
    seconds: (clock.nowMs() - startedMs) / 1000,
    stages,
    ...outcome,
  });
  try {
    const recommendation = await runStages(request, check, ownSide, signal);
    return finish({ failure: null, recommendation });
  } catch (error) {
    const timeIsOver = signal.reason instanceof DeadlineReached;
    if (!timeIsOver) signal.throwIfAborted();
    if (!(error instanceof StageFailure)) throw error;
    const { host, port } = probe;
    const path = request.folder?.path ?? request.path;
    const scene = { ...ownSide, host, port, path, facts: check.facts, stages, timeIsOver };
    return finish({
      failure: describeFailure(error, { ...scene, nowMs: clock.nowMs() }),
      recommendation: null,
    });
  }
}

async function runStages(
  request: ServerCheckRequest,
  check: RunningCheck,
  { egressAddresses, maxSessions }: OwnSide,
  signal: AbortSignal,
): Promise<Recommendation | null> {
  const { probe, clock, echo, log, facts } = check;
  const pinned = await prepareInStages(probe, log, facts, signal);
  if (echo !== undefined) {
    facts.untoldAddress = await measureEgress(echo, egressAddresses, log, signal);
  }
  const startedMs = clock.nowMs();
  const session = await connectInStages(probe, pinned, check, signal);
  try {
    const connectSeconds = (clock.nowMs() - startedMs) / 1000;
    const found = await statInStages(session, request.folder?.path ?? request.path, log, signal);
    const file = found === undefined || 'folder' in found ? undefined : found;
    if (found !== undefined && 'folder' in found)
      await lookAtFolder(session, found.folder, request, check, signal);
    const reason = found === undefined ? 'no path was given' : 'it is a folder';
    const bytesPerSecond = await readFile(session, file ?? reason, log, signal);
    await countChannels(session, log, signal);
    const limits = { maxSessions, freeSessions: request.freeSessions };
    const { further, wasRefused } = await openConnections(probe, check, limits, signal);
    const connections = further.length + 1;
    const together = await measureTogether([session, ...further], file, log, clock, signal).finally(() =>
      Promise.all(further.map((one) => one.end())),
    );

    const fileSizeBytes = request.fileSizeBytes ?? file?.sizeBytes;
    const isPossible = fileSizeBytes !== undefined && fileSizeBytes <= MAX_FILE_SIZE_BYTES;
    if (!isPossible || bytesPerSecond === undefined) return null;
    const measured = { fileSizeBytes, bytesPerSecond, connectSeconds, connections, wasRefused };
    return recommend({ ...measured, maxSessions, togetherBytesPerSecond: together });
  } finally {
    await session.end();
  }
}

async function lookAtFolder(
  session: ProbeSession,
  path: string,
  { folder, afterProof }: ServerCheckRequest,
  { clock, log }: RunningCheck,
  signal: AbortSignal,
): Promise<void> {
  const checked = { path, settings: folder ?? folderSettingsSchema.parse({ path }) };
  const example = await listInStage(session, checked, log, clock, signal);
  if (!afterProof) return;
  const scene = { newId: randomUUID, nowMs: clock.nowMs(), example };
  await proveAfterInStage(session, checked, log, scene, signal);
}

/**
 * @param file or why there is none
 * @returns bytes per second of one connection; undefined when there is nothing to read
 */
async function readFile(
  session: ProbeSession,
  file: CheckedFile | string,
  log: StageLog,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (typeof file === 'string' || file.sizeBytes === 0) {
    skipReads(log, typeof file === 'string' ? file : 'the file is empty');
    return undefined;
  }
  await readInStages(session, file, log, signal);
  const bytesPerSecond = await measureThroughput(session, file, log, signal);
  await compareInStages(session, file, log, signal);
  return bytesPerSecond;
}
