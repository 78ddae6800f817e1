import { functionMetric } from '../../metrics.ts';
import type { AnyStep } from '../../steps.ts';
import { type AlarmDefinition, FIFTEEN_MINUTES_SECONDS, onCount } from './alarm-definition.ts';

/** The share of a function's timeout at which its longest invocation raises the alarm. */
const NEAR_TIMEOUT_SHARE = 0.9;

/**
 * Failed invocations in 15 minutes that are more than the workflow's retries smooth over. Metadata and completion
 * are tried ten times in an outage, the sessions twenty times; many segments run at once; chunk planning has nothing that
 * can fail by itself.
 */
const ERROR_THRESHOLDS: Readonly<Record<Exclude<AnyStep, 'abort-upload'>, number>> = {
  'reserve-sessions': 5,
  'get-file-metadata': 3,
  'resume-upload': 3,
  'create-file-chunks': 1,
  'download-segment': 20,
  'complete-upload': 3,
  'keep-parts': 3,
  'release-sessions': 5,
  'list-folder': 3,
  'copy-batch': 20,
  'claim-file': 5,
  'commit-file': 5,
  'settle-source': 3,
  'summarise-run': 3,
};

/** They go on until their time is nearly over, and hand what is left to the next worker. */
const WORKERS: readonly AnyStep[] = ['download-segment', 'copy-batch', 'settle-source'];

/** Errors, throttles and durations of one step's function. A failed abort has a runbook of its own. */
export function functionAlarms(
  step: AnyStep,
  functionName: string,
  timeoutSeconds: number,
): AlarmDefinition[] {
  return [
    step === 'abort-upload' ? abortFailed(functionName) : errors(step, functionName),
    {
      ...onCount({
        name: `${step}-throttles`,
        runbook: 'function-throttles',
        meaning: `Calls of ${step} were turned away for a quarter of an hour: no concurrency was left.`,
        signal: functionMetric(functionName, 'Throttles'),
      }),
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
    },
    // ChunkDeadlineError says when a worker's time is too short.
    ...(WORKERS.includes(step) ? [] : [nearTimeout(step, functionName, timeoutSeconds)]),
  ];
}

function nearTimeout(step: AnyStep, functionName: string, timeoutSeconds: number): AlarmDefinition {
  return onCount({
    name: `${step}-near-timeout`,
    runbook: 'function-near-timeout',
    meaning: `A run of ${step} took more than 90 % of its ${timeoutSeconds} s.`,
    signal: functionMetric(functionName, 'Duration', 'Maximum'),
    threshold: timeoutSeconds * 1_000 * NEAR_TIMEOUT_SHARE,
  });
}

function errors(step: keyof typeof ERROR_THRESHOLDS, functionName: string): AlarmDefinition {
  return onCount({
    name: `${step}-errors`,
    runbook: 'function-errors',
    meaning: `${step} failed ${ERROR_THRESHOLDS[step]} times or more in a quarter of an hour, retries included.`,
    signal: functionMetric(functionName, 'Errors'),
    threshold: ERROR_THRESHOLDS[step],
    periodSeconds: FIFTEEN_MINUTES_SECONDS,
  });
}

function abortFailed(functionName: string): AlarmDefinition {
  return onCount({
    name: 'abort-failed',
    meaning: 'The parts of a failed transfer may still be in the bucket, and cost money.',
    signal: functionMetric(functionName, 'Errors'),
  });
}
