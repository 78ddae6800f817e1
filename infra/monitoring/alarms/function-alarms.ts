import { functionMetric } from '../../metrics.ts';
import type { AnyStep } from '../../steps.ts';
import {
  type AlarmDefinition,
  forAQuarterOfAnHour,
  largestShare,
  onCount,
  sumOf,
} from './alarm-definition.ts';

/** A partner's function, as its alarms need it. */
export interface WatchedFunction {
  step: AnyStep;
  functionName: string;
  timeoutSeconds: number;
}

/** The share of a function's timeout at which its longest invocation raises the alarm. */
const NEAR_TIMEOUT_SHARE = 0.9;

/** Where calls are turned away first: workers by their own reservation, every first step by the account's quota. */
const THROTTLED_FIRST: readonly AnyStep[] = [
  'reserve-sessions',
  'get-file-metadata',
  'download-segment',
  'complete-upload',
  'list-folder',
  'copy-batch',
  'settle-source',
];

/**
 * Those that wait for somebody. Workers go on until their time is nearly over: ChunkDeadlineError says when it is too
 * short. Arithmetic and a single write to the ledger have nothing to wait for.
 */
const WAITING: readonly AnyStep[] = [
  'reserve-sessions',
  'get-file-metadata',
  'resume-upload',
  'complete-upload',
  'abort-upload',
  'release-sessions',
  'list-folder',
  'claim-file',
  'commit-file',
  'summarise-run',
];

/** What functions meet before anything fails: a failure is told by its mail. */
export function functionAlarms(functions: readonly WatchedFunction[]): AlarmDefinition[] {
  const watched = (steps: readonly AnyStep[]) => functions.filter(({ step }) => steps.includes(step));
  return [
    forAQuarterOfAnHour({
      name: 'function-throttles',
      firstCommand: 'list PARTNER --status RUNNING',
      meaning: 'Calls of functions were turned away for a quarter of an hour: no concurrency was left.',
      signal: sumOf(
        'Calls turned away',
        watched(THROTTLED_FIRST).map(({ functionName }) => functionMetric(functionName, 'Throttles')),
      ),
    }),
    onCount({
      name: 'function-near-timeout',
      firstCommand: 'history PARTNER',
      meaning: 'A run of a function took more than 90 % of its time.',
      signal: largestShare(
        'Share of the time',
        watched(WAITING).map(({ functionName, timeoutSeconds }) => ({
          metric: functionMetric(functionName, 'Duration', 'Maximum'),
          limit: timeoutSeconds * 1_000,
        })),
      ),
      threshold: NEAR_TIMEOUT_SHARE,
    }),
  ];
}
