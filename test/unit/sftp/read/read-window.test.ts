import { ReadWindow } from '../../../../sftp/read/read-window.ts';

const MIB = 1024 ** 2;
const MAX_BYTES = 32 * MIB;

describe('the first window is 2 MiB, and what 64 MiB/s keep on the way', () => {
  test.each([
    [0, 2_097_152],
    [1, 2_164_261], // 2 MiB + 67,108.9 bytes
    [50, 5_452_596], // 2 MiB + 3.2 MiB
    [100, 8_808_039],
    [468.75, 33_554_432], // 2 MiB + 30 MiB
    [60_000, 33_554_432],
  ])('at a round trip of %d ms: %d bytes', (roundTripMs, bytes) => {
    expect(new ReadWindow(roundTripMs, MAX_BYTES).targetBytes).toBe(bytes);
  });

  test('but never more than the budget', () => {
    expect(new ReadWindow(50, 100_000).targetBytes).toBe(100_000);
  });
});

/** A pipe that carries `rateMibPerSecond`, with a read of 256 KiB answered at a time and always a full window asked. */
function run(
  window: ReadWindow,
  {
    roundTripMs,
    rateMibPerSecond,
    seconds,
  }: { roundTripMs: number; rateMibPerSecond: number; seconds: number },
): void {
  const pieceBytes = MIB / 4;
  const pieceMs = (pieceBytes / (rateMibPerSecond * MIB)) * 1_000;
  const asked: { atMs: number; arrivedBytes: number }[] = [];
  let arrivedBytes = 0;
  let pipeFreeAtMs = 0;
  let nowMs = 0;
  const ask = () => {
    while ((asked.length + 1) * pieceBytes <= window.targetBytes) asked.push({ atMs: nowMs, arrivedBytes });
  };
  ask();
  while (nowMs < seconds * 1_000) {
    const piece = asked.shift();
    if (piece === undefined) throw new Error('nothing was asked for');
    pipeFreeAtMs = Math.max(pipeFreeAtMs, piece.atMs + roundTripMs) + pieceMs;
    nowMs = pipeFreeAtMs;
    arrivedBytes += pieceBytes;
    window.onAnswer(pieceBytes, nowMs - piece.atMs, arrivedBytes - piece.arrivedBytes);
    ask();
  }
}

describe('settles near twice what the pipe holds', () => {
  test.each([
    // 100 MiB/s at 50 ms hold 5 MiB, at 100 ms 10 MiB; the first answer counts 20 ms less, and 2.5 ms more.
    ['a long fast pipe', { roundTripMs: 50, rateMibPerSecond: 100 }, 9.9, 10.6],
    ['a longer one', { roundTripMs: 100, rateMibPerSecond: 100 }, 19.9, 20.6],
    ['one above the budget', { roundTripMs: 200, rateMibPerSecond: 100 }, 32, 32],
    ['a slow one', { roundTripMs: 50, rateMibPerSecond: 5 }, 2, 2],
    ['a short one', { roundTripMs: 0.5, rateMibPerSecond: 250 }, 2, 2],
  ])('%s', (_case, pipe, leastMib, mostMib) => {
    const window = new ReadWindow(pipe.roundTripMs, MAX_BYTES);
    run(window, { ...pipe, seconds: 3 });
    expect(window.targetBytes / MIB).toBeGreaterThanOrEqual(leastMib);
    expect(window.targetBytes / MIB).toBeLessThanOrEqual(mostMib);
  });
});

test('is near it after three round trips', () => {
  const window = new ReadWindow(100, MAX_BYTES);
  expect(window.targetBytes / MIB).toBeLessThan(9);
  run(window, { roundTripMs: 100, rateMibPerSecond: 100, seconds: 0.35 });
  expect(window.targetBytes / MIB).toBeGreaterThan(16);
});

test('does not fall below the first window before that was answered', () => {
  const window = new ReadWindow(100, MAX_BYTES);
  const first = window.targetBytes;
  window.onAnswer(261_120, 100, 261_120);
  expect(window.targetBytes).toBe(first);
});

test('shrinks when the pipe gets slower', () => {
  const window = new ReadWindow(100, MAX_BYTES);
  run(window, { roundTripMs: 100, rateMibPerSecond: 100, seconds: 2 });
  run(window, { roundTripMs: 100, rateMibPerSecond: 20, seconds: 30 });
  expect(window.targetBytes / MIB).toBeLessThan(6);
});
