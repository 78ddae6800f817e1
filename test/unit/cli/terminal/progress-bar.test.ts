import { setTimeout as sleep } from 'node:timers/promises';
import { ProgressBar } from '../../../../cli/terminal/progress-bar.ts';
import type { ProgressDisplay } from '../../../../cli/terminal/progress-line.ts';
import type { StepAttempt } from '../../../../local/step-attempts.ts';

class RecordingDisplay implements ProgressDisplay {
  readonly notes: string[] = [];
  draw(): void {}
  note(line: string): void {
    this.notes.push(line);
  }
  stop(): void {}
  leave(): void {}
}

function attempt(segmentNumber: number, endedAtMs: number, outcome: StepAttempt['outcome']): StepAttempt {
  const error = { name: 'SftpRequestFailedError', message: 'connection refused' };
  return {
    step: 'DownloadSegment',
    segmentNumber,
    startedAtMs: 0,
    endedAtMs,
    outcome,
    ...(outcome === 'failed' && { error }),
  };
}

test('failures of a local transfer are noted: those of one moment as one line, each try with its number', () => {
  const display = new RecordingDisplay();
  const bar = new ProgressBar(display);
  for (const segment of [1, 2, 3]) bar.stepEnded(attempt(segment, 1_000, 'failed'));
  bar.stop();
  bar.stepEnded(attempt(1, 2_000, 'failed'));
  bar.stepEnded(attempt(2, 2_000, 'succeeded'));
  bar.stop();
  bar.stepEnded(attempt(2, 3_000, 'failed'));
  bar.stop();

  expect(display.notes).toEqual([
    'DownloadSegment of 3 segments failed: SftpRequestFailedError (connection refused), try 1 of 11, next within 5 s',
    'DownloadSegment of segment 1 failed: SftpRequestFailedError (connection refused), try 2 of 11, next within 10 s',
    'DownloadSegment of segment 2 failed: SftpRequestFailedError (connection refused), try 1 of 11, next within 5 s',
  ]);
});

test('a failure is noted although nothing follows it', async () => {
  const display = new RecordingDisplay();
  new ProgressBar(display).stepEnded(attempt(1, 1_000, 'failed'));

  await sleep(1_000);

  expect(display.notes).toHaveLength(1);
});
