import { onInterrupt } from '../../process/interrupt.ts';
import type { Executions } from './executions.ts';
import { type AwsLocation, createSfnClient } from './sfn-client.ts';
import { SfnExecutions } from './sfn-executions.ts';

/** Runs the work of a command that asks Step Functions; Ctrl-C aborts the signal, after the announcement. */
export async function withExecutions<T>(
  location: AwsLocation,
  announcement: string,
  work: (executions: Executions, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const client = createSfnClient(location);
  const interrupt = onInterrupt(announcement);
  try {
    return await work(new SfnExecutions(client), interrupt.signal);
  } finally {
    interrupt.release();
    client.destroy();
  }
}
