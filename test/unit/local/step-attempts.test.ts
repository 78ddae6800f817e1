import { observeSteps, type StepAttempt } from '../../../local/step-attempts.ts';
import type { WorkflowTask } from '../../../local/workflow-runner.ts';
import { SourceChangedError } from '../../../transfer/errors.ts';
import { workerDone } from '../../support/aws/execution-history.ts';

const RUNNING = new AbortController().signal;

async function attemptsOf(task: WorkflowTask, input: unknown, signal = RUNNING): Promise<StepAttempt[]> {
  const attempts: StepAttempt[] = [];
  let nowMs = 1_000;
  const clock = {
    nowMs: () => {
      nowMs += 500;
      return nowMs;
    },
  };
  const { DownloadSegment } = observeSteps({ DownloadSegment: task }, clock, (attempt) =>
    attempts.push(attempt),
  );
  await DownloadSegment?.(input, signal).catch(() => {});
  return attempts;
}

test('a run that succeeds is told with its segment, its times and what its worker did', async () => {
  const progress = workerDone(7, 1_000, 500);
  const attempts = await attemptsOf(async () => progress, { segment: { segment_number: 7 } });

  expect(attempts).toEqual([
    {
      step: 'DownloadSegment',
      segmentNumber: 7,
      startedAtMs: 1_500,
      endedAtMs: 2_000,
      outcome: 'succeeded',
      progress,
    },
  ]);
});

test('a run that fails is told with its error, which still reaches the workflow', async () => {
  const failing: WorkflowTask = async () => {
    throw new SourceChangedError('the file shrank');
  };
  const { Plan } = observeSteps({ Plan: failing }, { nowMs: () => 0 }, () => {});

  await expect(Plan?.({}, RUNNING)).rejects.toThrow(SourceChangedError);
  expect(await attemptsOf(failing, null)).toEqual([
    {
      step: 'DownloadSegment',
      startedAtMs: 1_500,
      endedAtMs: 2_000,
      outcome: 'failed',
      error: { name: 'SourceChangedError', message: 'the file shrank' },
    },
  ]);
});

test('a run that nobody waits for any more is told as cancelled', async () => {
  const attempts = await attemptsOf(
    async (_input, signal) => signal.throwIfAborted(),
    {},
    AbortSignal.abort(new Error('the Map state is over')),
  );

  expect(attempts).toMatchObject([{ outcome: 'cancelled', error: { message: 'the Map state is over' } }]);
});
