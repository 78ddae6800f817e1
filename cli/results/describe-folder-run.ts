import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { counted } from '../../transfer/text/counted.ts';
import { readableCause } from '../../transfer/text/lambda-error.ts';
import { parseJson } from '../../transfer/text/parse-json.ts';
import { formatDuration, formatTime } from '../format/numbers.ts';
import { formatSize } from '../format/sizes.ts';
import { textTable } from '../format/text-table.ts';

const requestSchema = z.object({ folder: z.string() });
const summarySchema = z.object({
  listed: z.number(),
  copied: z.number(),
  already_landed: z.number(),
  not_ready: z.number(),
  failed: z.number(),
  bytes: z.number(),
  sources_left: z.number(),
});

/** The folder that an execution runs over; undefined for the transfer of one file. */
export function folderOfRun({ input }: Pick<DescribeExecutionOutput, 'input'>): string | undefined {
  return requestSchema.safeParse(parseJson(input)).data?.folder;
}

/** The last line of `watch --json` for a run over a folder. */
export function folderRunAsJson(execution: DescribeExecutionOutput, nowMs: number): Record<string, unknown> {
  const { executionArn, status, startDate, error, cause } = execution;
  const summary = summarySchema.safeParse(parseJson(execution.output)).data;
  return {
    status,
    execution: executionArn,
    folder: folderOfRun(execution) ?? null,
    started_at: startDate?.toISOString() ?? null,
    seconds: secondsOf(execution, nowMs),
    ...summary,
    ...(error !== undefined && { error, cause: readableCause(cause ?? '') }),
  };
}

export function folderRunForPeople(execution: DescribeExecutionOutput, nowMs: number): string {
  const folder = folderOfRun(execution) ?? '?';
  const duration = formatDuration(secondsOf(execution, nowMs));
  const { status, error, cause } = execution;
  const summary = summarySchema.safeParse(parseJson(execution.output)).data;
  if (status === 'SUCCEEDED' && summary !== undefined) {
    const { copied, bytes, already_landed, not_ready, sources_left } = summary;
    const left = sources_left === 0 ? '' : `, ${sources_left} could not be moved or removed on the server`;
    return `Folder ${folder}: ${counted(copied, 'file')} landed (${formatSize(bytes)}) in ${duration}; ${already_landed} had landed meanwhile, ${not_ready} not ready${left}.`;
  }
  if (error === undefined) return `Folder ${folder}: ${status} after ${duration}.`;
  return `Folder ${folder}: ${status} after ${duration}: ${error}: ${readableCause(cause ?? '')}`;
}

/** The states of a run, each with when it was entered and for how long it was there. */
export function folderHistoryForPeople(
  execution: DescribeExecutionOutput,
  events: readonly HistoryEvent[],
  nowMs: number,
): string {
  const rows = statesOf(events, nowMs).map(({ name, enteredMs, seconds }) => [
    formatTime(enteredMs),
    formatDuration(seconds),
    name,
  ]);
  return [textTable(['ENTERED', 'SECONDS', 'STATE'], rows), folderRunForPeople(execution, nowMs)].join('\n');
}

export function folderHistoryAsJson(
  execution: DescribeExecutionOutput,
  events: readonly HistoryEvent[],
  nowMs: number,
): Record<string, unknown> {
  const states = statesOf(events, nowMs).map(({ name, enteredMs, seconds }) => ({
    step: name,
    started_at: new Date(enteredMs).toISOString(),
    seconds,
  }));
  return { ...folderRunAsJson(execution, nowMs), steps: states };
}

function statesOf(
  events: readonly HistoryEvent[],
  nowMs: number,
): { name: string; enteredMs: number; seconds: number }[] {
  const entered = events.flatMap(({ stateEnteredEventDetails, timestamp }) =>
    stateEnteredEventDetails?.name === undefined
      ? []
      : [{ name: stateEnteredEventDetails.name, enteredMs: timestamp?.getTime() ?? nowMs }],
  );
  const endMs = events.at(-1)?.timestamp?.getTime() ?? nowMs;
  return entered.map((state, index) => ({
    ...state,
    seconds: ((entered[index + 1]?.enteredMs ?? endMs) - state.enteredMs) / 1000,
  }));
}

function secondsOf({ startDate, stopDate }: DescribeExecutionOutput, nowMs: number): number {
  return ((stopDate?.getTime() ?? nowMs) - (startDate?.getTime() ?? nowMs)) / 1000;
}
