import type { TimelineAttempt } from '../timeline/transfer-timeline.ts';

/**
 * The states that a transfer enters again and again while it waits: for sessions up to 800 times in a week, for a partner
 * who is down about once a minute.
 */
const POLLING_STEPS: readonly string[] = ['ReserveSessions', 'AwaitPartner', 'AwaitPartnerOfSegment'];

/** One line of a history: an attempt, or the polls that followed each other. */
export interface StepLine {
  attempt: TimelineAttempt;
  polls: number;
}

/** Joins polls that succeeded one after the other, from the first one's start to the last one's end. */
export function joinPolls(steps: readonly TimelineAttempt[]): StepLine[] {
  const lines: StepLine[] = [];
  for (const attempt of steps) {
    const last = lines.at(-1);
    if (last !== undefined && isPoll(attempt) && isPoll(last.attempt) && attempt.step === last.attempt.step) {
      last.attempt = { ...last.attempt, endedAtMs: attempt.endedAtMs };
      last.polls += 1;
    } else {
      lines.push({ attempt, polls: 1 });
    }
  }
  return lines;
}

function isPoll({ step, outcome }: TimelineAttempt): boolean {
  return POLLING_STEPS.includes(step) && outcome === 'succeeded';
}
