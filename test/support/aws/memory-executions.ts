import type { DescribeExecutionOutput, ExecutionListItem, HistoryEvent } from '@aws-sdk/client-sfn';
import type { Executions } from '../../../cli/deployed/step-functions/executions.ts';
import { describedExecution } from './execution-history.ts';

/** Executions in memory: one execution with a history, and whatever is listed. */
export class MemoryExecutions implements Executions {
  description: DescribeExecutionOutput = describedExecution(undefined, { status: 'RUNNING' });
  /** In their order. */
  events: HistoryEvent[] = [];
  listed: ExecutionListItem[] = [];
  stateMachines = new Map<string, string>();
  /** Pages are never larger, whatever is asked for. */
  maxPage = Number.POSITIVE_INFINITY;
  /** Called before every call is answered; may throw, or change what is kept. */
  onCall: (call: string) => void = () => {};
  readonly pageSizes: number[] = [];
  readonly stopped: string[] = [];

  async start({ stateMachineArn }: { stateMachineArn: string }): Promise<string> {
    this.onCall('start');
    return `${stateMachineArn}:started`;
  }

  async describe(): Promise<DescribeExecutionOutput> {
    this.onCall('describe');
    return this.description;
  }

  async list(
    stateMachineArn: string,
    { limit, status }: { limit: number; status?: string | undefined },
  ): Promise<ExecutionListItem[]> {
    this.onCall('list');
    return this.listed
      .filter((item) => item.stateMachineArn === stateMachineArn)
      .filter((item) => status === undefined || item.status === status)
      .slice(0, limit);
  }

  async stop(executionArn: string): Promise<void> {
    this.onCall('stop');
    this.stopped.push(executionArn);
  }

  async newestEvents(
    _executionArn: string,
    { size, nextToken }: { size: number; nextToken?: string | undefined },
  ): Promise<{ events: HistoryEvent[]; nextToken?: string | undefined }> {
    this.onCall('newestEvents');
    this.pageSizes.push(size);
    const before = Number(nextToken ?? this.events.length);
    const from = Math.max(0, before - Math.min(size, this.maxPage));
    const events = this.events.slice(from, before).toReversed();
    return { events, nextToken: from > 0 ? String(from) : undefined };
  }

  async listStateMachines(prefix: string): Promise<{ name: string; arn: string }[]> {
    this.onCall('listStateMachines');
    return [...this.stateMachines].flatMap(([name, arn]) => (name.startsWith(prefix) ? [{ name, arn }] : []));
  }

  async findStateMachine(name: string): Promise<string | undefined> {
    this.onCall('findStateMachine');
    return this.stateMachines.get(name);
  }
}
