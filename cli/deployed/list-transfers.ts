import type { ExecutionListItem, ExecutionStatus } from '@aws-sdk/client-sfn';
import type { Clock } from '../../transfer/clock.ts';
import { type ListedTransfer, listedTransfer } from '../results/describe-list.ts';
import type { Executions } from './step-functions/executions.ts';

/** DescribeExecution allows 15 a second in small regions; the SDK waits out what is more. */
const DESCRIBED_AT_A_TIME = 5;

export interface ListedPipeline {
  /** How the list calls it. */
  label: string;
  stateMachineArn: string;
}

/** The newest transfers of all the pipelines together, newest first. */
export async function listTransfers(
  pipelines: readonly ListedPipeline[],
  filter: { limit: number; status: ExecutionStatus | undefined },
  { executions, clock }: { executions: Pick<Executions, 'list' | 'describe'>; clock: Pick<Clock, 'nowMs'> },
  signal: AbortSignal,
): Promise<ListedTransfer[]> {
  const found: { label: string; item: ExecutionListItem }[] = [];
  for (const { label, stateMachineArn } of pipelines) {
    const items = await executions.list(stateMachineArn, filter, signal);
    found.push(...items.map((item) => ({ label, item })));
  }
  const newest = found.sort((a, b) => startMs(b.item) - startMs(a.item)).slice(0, filter.limit);
  const listed: ListedTransfer[] = [];
  for (let from = 0; from < newest.length; from += DESCRIBED_AT_A_TIME) {
    const batch = newest.slice(from, from + DESCRIBED_AT_A_TIME);
    const described = batch.map(async ({ label, item }) =>
      listedTransfer(await executions.describe(String(item.executionArn), signal), label, clock.nowMs()),
    );
    listed.push(...(await Promise.all(described)));
  }
  return listed;
}

function startMs({ startDate }: ExecutionListItem): number {
  return startDate?.getTime() ?? 0;
}
