import { systemClock } from '../transfer/clock.ts';
import { type FollowedExecution, followExecution } from './deployed/follow-execution.ts';
import type { Executions } from './deployed/step-functions/executions.ts';
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
  let shown = 0;
  const showEntered = ({ events }: FollowedExecution): void => {
    const entered = events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
    for (const name of entered.slice(shown)) process.stderr.write(`${name}\n`);
    shown = entered.length;
  };
  try {
    const { execution } = await followExecution(
      executionArn,
      {
        executions,
        clock: systemClock,
        intervalMs,
        onPoll: showEntered,
        onTrouble: ({ message }) => process.stderr.write(`${message}; trying again\n`),
      },
      signal,
    );
    const nowMs = systemClock.nowMs();
    printLine(
      json ? JSON.stringify(folderRunAsJson(execution, nowMs)) : folderRunForPeople(execution, nowMs),
    );
    return execution.status === 'SUCCEEDED' ? EXIT_CODES.ok : EXIT_CODES.failed;
  } catch (error) {
    if (!signal.aborted) throw error;
    process.stderr.write(`The run goes on.\n  follow it:  ${watchAgain}\n  stop it:    ${stop}\n`);
    if (json) printLine(JSON.stringify({ status: 'UNKNOWN', execution: executionArn, detached: true }));
    return EXIT_CODES.interrupted;
  }
}
