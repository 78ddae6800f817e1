import { systemClock } from '../transfer/clock.ts';
import { type FollowedExecution, followExecution } from './deployed/follow-execution.ts';
import type { Executions } from './deployed/step-functions/executions.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { printLine } from './print.ts';
import { WAIT_NOTE_INTERVAL_MS } from './results/describe-partner-wait.ts';
import { retriesForPeople } from './results/describe-retry.ts';
import {
  narrowedForPeople,
  outcomeAsJson,
  outcomeForPeople,
  partnerWaitForPeople,
  waitingForPeople,
} from './results/describe-transfer.ts';
import { progressDisplay } from './terminal/progress-display.ts';
import { timelineOfExecution } from './timeline/execution-timeline.ts';
import { progressOf } from './timeline/transfer-progress.ts';
import type { TimelineRetry, TransferTimeline } from './timeline/transfer-timeline.ts';

export interface WatchOptions {
  /** Between two polls. */
  intervalMs: number;
  json: boolean;
  /** Seconds between two lines where stderr is not a terminal; 0 for none. */
  progressInterval: number;
  /** The command that follows this execution again. */
  watchAgain: string;
  /** The command that stops it. */
  stop: string;
}

/** Follows an execution to its end, or until Ctrl-C, which only detaches. @returns the exit code */
export async function watchTransfer(
  executionArn: string,
  executions: Executions,
  options: WatchOptions,
  signal: AbortSignal,
): Promise<number> {
  const bar = progressDisplay(process.stderr, options.progressInterval);
  signal.addEventListener('abort', () => bar.leave(), { once: true });
  let last: TransferTimeline | undefined;
  let nextWaitNoteMs = Number.NEGATIVE_INFINITY;
  /** A new wait at once, and then one line a minute. */
  const noteWait = ({ partnerWait }: TransferTimeline): void => {
    const nowMs = systemClock.nowMs();
    if (partnerWait === undefined) nextWaitNoteMs = Number.NEGATIVE_INFINITY;
    if (partnerWait === undefined || nowMs < nextWaitNoteMs) return;
    nextWaitNoteMs = nowMs + WAIT_NOTE_INTERVAL_MS;
    bar.note(partnerWaitForPeople(partnerWait, nowMs));
  };
  const show = (seen: TransferTimeline): void => {
    if (seen.waiting !== undefined && seen.waiting.transfersAhead !== last?.waiting?.transfersAhead)
      bar.note(waitingForPeople(seen.waiting));
    if (seen.narrowed !== undefined && last?.narrowed === undefined)
      bar.note(narrowedForPeople(seen.narrowed));
    for (const line of retriesForPeople(newRetries(seen, last))) bar.note(line);
    noteWait(seen);
    last = seen;
    const progress = progressOf(seen);
    if (progress !== undefined) bar.draw(progress);
  };
  const timelineOf = ({ execution, events }: FollowedExecution) =>
    timelineOfExecution(execution, events, systemClock.nowMs());
  try {
    const ended = await followExecution(
      executionArn,
      {
        executions,
        clock: systemClock,
        intervalMs: options.intervalMs,
        onPoll: (followed) => show(timelineOf(followed)),
        onTrouble: ({ message }) => bar.note(`${message}; trying again`),
      },
      signal,
    );
    bar.stop();
    const timeline = timelineOf(ended);
    printLine(options.json ? JSON.stringify(outcomeAsJson(timeline)) : outcomeForPeople(timeline));
    return timeline.status === 'SUCCEEDED' ? EXIT_CODES.ok : EXIT_CODES.failed;
  } catch (error) {
    bar.stop();
    if (!signal.aborted) throw error;
    tellHowToReattach(executionArn, last, options);
    return EXIT_CODES.interrupted;
  }
}

/** What has failed since the last poll; at the first poll only what still waits for its next try. */
function newRetries({ retried = [] }: TransferTimeline, last: TransferTimeline | undefined): TimelineRetry[] {
  if (last === undefined) return retried.filter(({ isWaiting }) => isWaiting);
  const lastKnown = new Set((last.retried ?? []).map(keyOf));
  return retried.filter((retry) => !lastKnown.has(keyOf(retry)));
}

function keyOf({ step, segmentNumber, failedAtMs }: TimelineRetry): string {
  return `${step} ${segmentNumber} ${failedAtMs}`;
}

function tellHowToReattach(
  executionArn: string,
  last: TransferTimeline | undefined,
  { json, watchAgain, stop }: WatchOptions,
): void {
  process.stderr.write(`The transfer goes on.\n  follow it:  ${watchAgain}\n  stop it:    ${stop}\n`);
  if (!json) return;
  const seen = last === undefined ? { status: 'UNKNOWN', execution: executionArn } : outcomeAsJson(last);
  printLine(JSON.stringify({ ...seen, detached: true }));
}
