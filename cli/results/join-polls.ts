import type { TimelineAttempt } from '../timeline/transfer-timeline.ts';

/** The state that a transfer enters again and again while it waits for sessions: up to 800 times in a week. */
const POLLING_STEP = 'ReserveSessions';

/** One line of a history: an attempt, or the polls that followed each other. */
export interface StepLine {
  attempt: TimelineAttempt;
  polls: number;
}

/** Joins polls for sessions that succeeded one after the other, from the first one's start to the last one's end. */
export function joinPolls(steps: readonly TimelineAttempt[]): StepLine[] {
  const lines: StepLine[] = [];
  for (const attempt of steps) {
    const last = lines.at(-1);
    if (last !== undefined && isPoll(attempt) && isPoll(last.attempt)) {
      last.attempt = { ...last.attempt, endedAtMs: attempt.endedAtMs };
      last.polls += 1;
    } else {
      lines.push({ attempt, polls: 1 });
    }
  }
  return lines;
}

function isPoll({ step, outcome }: TimelineAttempt): boolean {
  return step === POLLING_STEP && outcome === 'succeeded';
}
