import {
  type ProgressDisplay,
  progressLine,
  type TransferProgress,
} from '../../../../cli/terminal/progress-line.ts';
import { PullProgress } from '../../../../cli/terminal/pull-progress.ts';
import type { PullResult } from '../../../../local/pull/folder-pull.ts';

const MIB = 1_048_576;

function followed() {
  const notes: string[] = [];
  let drawn: TransferProgress | undefined;
  const display: ProgressDisplay = {
    draw: (progress) => {
      drawn = progress;
    },
    note: (line) => notes.push(line),
    stop: () => {},
    leave: () => {},
  };
  const clock = { nowMs: 0 };
  const progress = new PullProgress(display, () => clock.nowMs);
  const line = () => drawn && progressLine(drawn, 80, { bar: false });
  const plan = (...sizes: number[]) =>
    progress.decided(
      sizes.map((sizeBytes, index) => ({
        path: `${index}`,
        sizeBytes,
        key: '',
        groups: [],
        modifiedAtSeconds: 0,
      })) as Parameters<typeof progress.decided>[0],
    );
  const end = (path: string, status: string) =>
    progress.copied({ path, status } as PullResult['outcomes'][number]);
  return { clock, end, line, notes, plan, progress };
}

test('small files count when they land, a large one while it comes, and what is read again only once', () => {
  const { clock, end, line, plan, progress } = followed();
  plan(MIB, 9 * MIB);
  expect(line()).toBe('0% | files 0/2 | 0 bytes of 10.0 MiB | 0 B/s | - to go');
  end('0', 'landed');
  expect(line()).toBe('10% | files 1/2 | 1.0 MiB of 10.0 MiB | 0 B/s | - to go');
  clock.nowMs = 1_000;
  progress.progressed(5 * MIB);
  expect(line()).toBe('60% | files 1/2 | 6.0 MiB of 10.0 MiB | 6.0 MiB/s | 0.67 s to go');
  progress.progressed(-2 * MIB);
  progress.progressed(5 * MIB);
  end('1', 'landed');
  expect(line()).toMatch(/^100% \| files 2\/2 \| 10.0 MiB of 10.0 MiB \| .* \| completing$/);
});

test('a file that fails, or was not ready, is no longer to come', () => {
  const { end, line, plan, progress } = followed();
  plan(MIB, 3 * MIB, 4 * MIB);
  end('0', 'landed');
  progress.progressed(2 * MIB);
  end('1', 'failed');
  expect(line()).toMatch(/^20% \| files 2\/3 \| failed 1 \| 1.0 MiB of 5.0 MiB/);
  end('2', 'not-ready');
  expect(line()).toMatch(/^100% \| files 3\/3 \| failed 1 \| 1.0 MiB of 1.0 MiB/);
});

test('a wait for quiet files is said once, in words that fit one file as well', () => {
  const { notes, progress } = followed();
  progress.waiting(1, 2_500);
  progress.waiting(7, 2_500);
  expect(notes).toEqual([
    '1 file must stay as it is for 3 s: looking again then',
    '7 files must stay as they are for 3 s: looking again then',
  ]);
});

test('a run that copies nothing draws nothing', () => {
  const { line, plan } = followed();
  plan();
  expect(line()).toBeUndefined();
});
