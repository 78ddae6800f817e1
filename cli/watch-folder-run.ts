import { systemClock } from '../transfer/clock.ts';
import { AwsCallError } from './deployed/aws-call-error.ts';
import type { Executions } from './deployed/step-functions/executions.ts';
import { HistoryReader } from './deployed/step-functions/history-reader.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { printLine } from './print.ts';
import { folderRunAsJson, folderRunForPeople } from './results/describe-folder-run.ts';
import type { WatchOptions } from './watch-transfer.ts';

/** Follows a run over a folder to its end, or until Ctrl-C, which only detaches. @returns the exit code */
export async function watchFolderRun(
  executionArn: string,
  executions: Executions,
  { intervalMs, json, watchAgain, stop }: WatchOptions,
  signal: AbortSignal,
): Promise<number> {
  const reader = new HistoryReader(executions, executionArn);
  let shown = 0;
  try {
    for (;;) {
      const execution = await executions.describe(executionArn, signal);
      await reader.update(signal).catch((error: unknown) => {
        if (!(error instanceof AwsCallError) || !error.transient) throw error;
      });
      const entered = reader.events.flatMap(
        ({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? [],
      );
      for (const name of entered.slice(shown)) process.stderr.write(`${name}\n`);
      shown = entered.length;
      if (execution.status !== 'RUNNING') {
        const nowMs = systemClock.nowMs();
        printLine(
          json ? JSON.stringify(folderRunAsJson(execution, nowMs)) : folderRunForPeople(execution, nowMs),
        );
        return execution.status === 'SUCCEEDED' ? EXIT_CODES.ok : EXIT_CODES.failed;
      }
      await systemClock.sleep(intervalMs, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    process.stderr.write(`The run goes on.\n  follow it:  ${watchAgain}\n  stop it:    ${stop}\n`);
    if (json) printLine(JSON.stringify({ status: 'UNKNOWN', execution: executionArn, detached: true }));
    return EXIT_CODES.interrupted;
  }
}
