import { type RetryRule, retryRulesOf } from '../../statemachine/retry-rules.ts';

/** A failed attempt that the workflow tries again. */
export interface RetriedFailure {
  step: string;
  /** Only of a state that works on a segment. */
  segmentNumber?: number;
  error: { name: string; message: string };
  failedAtMs: number;
  /** Of the tries that its rule allows, the one that failed; from 1. */
  tryNumber: number;
  maxTries: number;
  /** The next try begins at this time at the latest: Step Functions waits a random part of the interval. */
  nextByMs: number;
}

/** As much of an attempt as its retry depends on. */
interface Attempt {
  step: string;
  segmentNumber?: number;
  outcome: string;
  endedAtMs: number;
  error?: { name: string; message: string };
}

/**
 * The failures among the attempts of one entered state that the workflow tries again, by the rules that it is deployed
 * with. Each rule counts the failures that it names, and no others.
 * @param attempts in their order
 */
export function retriedFailures(attempts: readonly Attempt[]): RetriedFailure[] {
  const failures = new Map<RetryRule, number>();
  return attempts.flatMap(({ step, segmentNumber, outcome, endedAtMs, error }) => {
    if (outcome !== 'failed' || error === undefined) return [];
    const rule = retryRulesOf(step).find(({ errors }) => errors.some(({ name }) => name === error.name));
    if (rule === undefined) return [];
    const tryNumber = (failures.get(rule) ?? 0) + 1;
    failures.set(rule, tryNumber);
    if (tryNumber > rule.maxAttempts) return [];
    return [
      {
        step,
        ...(segmentNumber !== undefined && { segmentNumber }),
        error,
        failedAtMs: endedAtMs,
        tryNumber,
        maxTries: rule.maxAttempts + 1,
        nextByMs: endedAtMs + longestWaitMs(rule, tryNumber),
      },
    ];
  });
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error */
function longestWaitMs(rule: RetryRule, retryNumber: number): number {
  const seconds = rule.intervalSeconds * rule.backoffRate ** (retryNumber - 1);
  return Math.min(seconds, rule.maxDelaySeconds) * 1_000;
}
