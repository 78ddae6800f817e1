import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { parseJson } from '../../transfer/text/parse-json.ts';
import { MIB } from '../../transfer/text/units.ts';
import { parseWorkflowArn } from '../deployed/arn.ts';
import { ABSENT, foldedTable } from '../format/folded-table.ts';
import { formatDuration, formatRate, formatTime } from '../format/numbers.ts';
import { formatSize } from '../format/sizes.ts';

const requestSchema = z.union([
  z.object({ sftp_file_path: z.string() }).transform(({ sftp_file_path: path }) => path),
  z.object({ folder: z.string() }).transform(({ folder }) => `folder ${folder}`),
]);
const resultSchema = z.union([
  z.object({ size_bytes: z.number() }).transform(({ size_bytes: bytes }) => bytes),
  z.object({ bytes: z.number() }).transform(({ bytes }) => bytes),
]);
const inputSchema = z.record(z.string(), z.unknown());

/** One transfer in a list of many. */
export interface ListedTransfer {
  execution: string;
  partner: string;
  status: string;
  startedAtMs: number;
  /** Up to now while it runs. */
  seconds: number;
  path: string | undefined;
  /** What it was started with, as `start --again` repeats it. */
  input: Record<string, unknown> | undefined;
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
    path: requestSchema.safeParse(parseJson(execution.input)).data,
    input: inputSchema.safeParse(parseJson(execution.input)).data,
    sizeBytes: resultSchema.safeParse(parseJson(execution.output)).data,
    error: execution.error,
  };
}

export function listedAsJson(transfer: ListedTransfer): Record<string, unknown> {
  const { execution, partner, status, startedAtMs, seconds, path, input, sizeBytes, error } = transfer;
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
    input: input ?? null,
  };
}

const TITLES = ['STARTED (UTC)', 'PARTNER', 'OUTCOME', 'TOOK', 'SIZE', 'RATE'] as const;
const MORE_TITLES = ['FILE', 'EXECUTION', 'ERROR'] as const;

/**
 * The transfers as a table. Where a line would be longer than `columns`, file, execution and error get a line of their
 * own below each transfer. Executions are named as every command takes them.
 */
export function listForPeople(transfers: readonly ListedTransfer[], columns: number): string {
  return foldedTable(
    TITLES,
    MORE_TITLES,
    transfers.map((transfer) => ({ cells: cells(transfer), more: moreCells(transfer) })),
    columns,
  );
}

function cells({ partner, status, startedAtMs, seconds, sizeBytes }: ListedTransfer): string[] {
  return [
    formatTime(startedAtMs).replace(' UTC', ''),
    partner,
    status,
    formatDuration(seconds),
    sizeBytes === undefined ? ABSENT : formatSize(sizeBytes),
    sizeBytes === undefined ? ABSENT : formatRate(sizeBytes / Math.max(seconds, 0.001)),
  ];
}

function moreCells({ path, partner, execution, error }: ListedTransfer): string[] {
  const name = parseWorkflowArn(execution)?.executionName;
  return [path ?? ABSENT, name === undefined ? execution : `${partner}/${name}`, error ?? ABSENT];
}
