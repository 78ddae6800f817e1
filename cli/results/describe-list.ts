import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { MIB } from '../../transfer/units.ts';
import { parseWorkflowArn } from '../deployed/arn.ts';
import { formatDuration, formatRate, formatTime } from '../format/numbers.ts';
import { formatSize } from '../format/sizes.ts';
import { parseJson } from '../timeline/execution-attempts.ts';

const requestSchema = z.object({ sftp_file_path: z.string() });
const resultSchema = z.object({ size_bytes: z.number() });
const ABSENT = '–';

/** One transfer in a list of many. */
export interface ListedTransfer {
  execution: string;
  partner: string;
  status: string;
  startedAtMs: number;
  /** Up to now while it runs. */
  seconds: number;
  path: string | undefined;
  /** Known of those that succeeded. */
  sizeBytes: number | undefined;
  error: string | undefined;
}

/** @param partner how the list calls the pipeline */
export function listedTransfer(
  execution: DescribeExecutionOutput,
  partner: string,
  nowMs: number,
): ListedTransfer {
  const startedAtMs = execution.startDate?.getTime() ?? nowMs;
  const endedAtMs = execution.stopDate?.getTime() ?? nowMs;
  return {
    execution: String(execution.executionArn),
    partner,
    status: String(execution.status),
    startedAtMs,
    seconds: (endedAtMs - startedAtMs) / 1000,
    path: requestSchema.safeParse(parseJson(execution.input)).data?.sftp_file_path,
    sizeBytes: resultSchema.safeParse(parseJson(execution.output)).data?.size_bytes,
    error: execution.error,
  };
}

export function listedAsJson(transfer: ListedTransfer): Record<string, unknown> {
  const { execution, partner, status, startedAtMs, seconds, path, sizeBytes, error } = transfer;
  return {
    execution,
    partner,
    status,
    started_at: new Date(startedAtMs).toISOString(),
    seconds: Number(seconds.toFixed(3)),
    path: path ?? null,
    size_bytes: sizeBytes ?? null,
    mib_per_second:
      sizeBytes === undefined ? null : Number((sizeBytes / MIB / Math.max(seconds, 0.001)).toFixed(1)),
    error: error ?? null,
  };
}

/** Cells of one line of the table; `LISTING_TITLES` are their titles. */
export function listedCells(transfer: ListedTransfer): string[] {
  const { execution, partner, status, startedAtMs, seconds, path, sizeBytes, error } = transfer;
  return [
    formatTime(startedAtMs),
    partner,
    status,
    formatDuration(seconds),
    sizeBytes === undefined ? ABSENT : formatSize(sizeBytes),
    sizeBytes === undefined ? ABSENT : formatRate(sizeBytes / Math.max(seconds, 0.001)),
    error ?? ABSENT,
    path ?? ABSENT,
    parseWorkflowArn(execution)?.executionName ?? execution,
  ];
}

export const LISTING_TITLES = [
  'STARTED',
  'PARTNER',
  'OUTCOME',
  'DURATION',
  'SIZE',
  'RATE',
  'ERROR',
  'FILE',
  'EXECUTION',
] as const;
