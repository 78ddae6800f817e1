import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { chunkPlanSchema, completedTransferSchema, plannedTransferSchema } from '../../transfer/contracts.ts';
import { readableCause } from '../../transfer/text/lambda-error.ts';
import { parseJson } from '../../transfer/text/parse-json.ts';
import { assembleTimeline, type TransferFacts } from './assemble-timeline.ts';
import { readTaskVisits, type TaskVisit } from './execution-attempts.ts';
import { partnerWaitIn } from './partner-wait.ts';
import { retriedFailures } from './retried-failures.ts';
import type { TimelineRetry, TransferStatus, TransferTimeline } from './transfer-timeline.ts';

const inputSchema = z.record(z.string(), z.unknown());
const requestSchema = z.object({ sftp_file_path: z.string() });

const reservationSchema = z.object({ granted: z.number(), wanted: z.number().optional(), ahead: z.number() });

const planSchema = chunkPlanSchema.omit({ segments: true });

/**
 * The timeline of an execution of the deployed workflow, from its history in Step Functions.
 * @param events the whole history, in its order, with execution data
 * @param nowMs the end of what still runs
 * @param partner as the command line named it
 */
export function timelineOfExecution(
  execution: DescribeExecutionOutput,
  events: readonly HistoryEvent[],
  nowMs: number,
  partner?: string,
): TransferTimeline {
  const visits = readTaskVisits(events, nowMs);
  const outputOf = (step: string) => parseJson(visits.findLast((visit) => visit.step === step)?.output);
  const file = plannedTransferSchema.safeParse(outputOf('GetFileMetadata')).data;
  const plan = planSchema.safeParse(outputOf('CreateFileChunks')).data;
  const object = completedTransferSchema.safeParse(outputOf('CompleteUpload')).data;
  const requestedPath = requestSchema.safeParse(parseJson(execution.input)).data?.sftp_file_path;
  const input = inputSchema.safeParse(parseJson(execution.input)).data;
  const failure = failureOf(execution);
  const retried = execution.status === 'RUNNING' ? retriedIn(visits) : [];
  const narrowed = narrowedIn(visits);
  const waiting = execution.status === 'RUNNING' ? waitingIn(visits) : undefined;
  const partnerWait = execution.status === 'RUNNING' ? partnerWaitIn(visits) : undefined;
  return assembleTimeline({
    executionId: execution.executionArn ?? '',
    ...(partner !== undefined && { from: { partner } }),
    ranOn: 'AWS Step Functions',
    status: (execution.status ?? 'RUNNING') as TransferStatus,
    startedAtMs: execution.startDate?.getTime() ?? events[0]?.timestamp?.getTime() ?? nowMs,
    endedAtMs: execution.stopDate?.getTime() ?? nowMs,
    attempts: visits.flatMap((visit) => visit.attempts),
    ...(requestedPath !== undefined && { requestedPath }),
    ...(input && { input }),
    ...(waiting && { waiting }),
    ...(narrowed && { narrowed }),
    ...(partnerWait && { partnerWait }),
    ...(retried.length > 0 && { retried }),
    ...(file && { file }),
    ...(plan && { plan }),
    ...(object && { object }),
    ...(failure && { failure }),
  });
}

function narrowedIn(visits: readonly TaskVisit[]): TransferTimeline['narrowed'] {
  const { granted = 0, wanted = 0 } = reservationIn(visits) ?? {};
  return granted > 0 && granted < wanted ? { granted, wanted } : undefined;
}

/** By the last answer: while the next one is awaited, the last one holds. */
function reservationIn(visits: readonly TaskVisit[]) {
  const answered = visits.findLast(({ step, output }) => step === 'ReserveSessions' && output !== undefined);
  return reservationSchema.safeParse(parseJson(answered?.output)).data;
}

function waitingIn(visits: readonly TaskVisit[]): TransferTimeline['waiting'] {
  const reservation = reservationIn(visits);
  return reservation?.granted === 0 ? { transfersAhead: reservation.ahead } : undefined;
}

function retriedIn(visits: readonly TaskVisit[]): TimelineRetry[] {
  return visits
    .flatMap(({ attempts, isOver }) => {
      const last = attempts.at(-1);
      return retriedFailures(attempts).map((failure) => ({
        ...failure,
        error: { name: failure.error.name, message: readableCause(failure.error.message) },
        isWaiting: !isOver && last?.outcome === 'failed' && last.endedAtMs === failure.failedAtMs,
      }));
    })
    .sort((a, b) => a.failedAtMs - b.failedAtMs);
}

function failureOf({ status, error, cause }: DescribeExecutionOutput): TransferFacts['failure'] {
  if (status === 'RUNNING' || status === 'SUCCEEDED' || (error === undefined && cause === undefined))
    return undefined;
  return { name: error ?? String(status), cause: cause ?? '' };
}
