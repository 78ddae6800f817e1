import { observeSteps, type StepAttempt } from '../../../local/step-attempts.ts';
import type { WorkflowTask } from '../../../local/workflow-runner.ts';
import { SourceChangedError } from '../../../transfer/errors.ts';

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
  const { DownloadChunk } = observeSteps({ DownloadChunk: task }, clock, (attempt) => attempts.push(attempt));
  await DownloadChunk?.(input, signal).catch(() => {});
  return attempts;
}

test('a run that succeeds is told with its chunk and its times', async () => {
  const attempts = await attemptsOf(async () => 7, { chunk: { chunk_number: 7 } });

  expect(attempts).toEqual([
    { step: 'DownloadChunk', chunkNumber: 7, startedAtMs: 1_500, endedAtMs: 2_000, outcome: 'succeeded' },
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
      step: 'DownloadChunk',
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
