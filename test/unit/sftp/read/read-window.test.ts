import { ReadWindow } from '../../../../sftp/read/read-window.ts';

const MIB = 1024 ** 2;
const MAX_BYTES = 32 * MIB;

describe('the window begins with 512 KiB, grows by what comes, up to 2 MiB and what 64 MiB/s keep on the way', () => {
  test.each([
    [0, 2_097_152],
    [1, 2_164_261], // 2 MiB + 67,108.9 bytes
    [50, 5_452_596], // 2 MiB + 3.2 MiB
    [100, 8_808_039],
    [468.75, 33_554_432], // 2 MiB + 30 MiB
    [60_000, 33_554_432],
  ])('at a round trip of %d ms: %d bytes', (roundTripMs, bytes) => {
    const window = new ReadWindow(roundTripMs, MAX_BYTES);
    expect(window.targetBytes).toBe(524_288);
    // A rate that asks for no more than the growth allows, and is not so low that it asks for less.
    for (let answeredBytes = 0; answeredBytes < bytes - 524_288; answeredBytes += 65_536) {
      expect(window.targetBytes).toBe(524_288 + answeredBytes);
      window.onAnswer(65_536, 10, 34_000);
    }
    expect(window.targetBytes).toBe(bytes);
  });

  test.each([
    [1, 5_452_596], // 2 MiB + 3.2 MiB
    [2, 3_774_874], // 2 MiB + 1.6 MiB
    [8, 2_516_583], // 2 MiB + 0.4 MiB
    [40, 2_181_039],
  ])('of a line of 50 ms that %d connections share: %d bytes', (lineSharedBy, bytes) => {
    const window = new ReadWindow(50, MAX_BYTES, lineSharedBy);
    for (let answeredBytes = 0; answeredBytes < bytes - 524_288; answeredBytes += 65_536)
      window.onAnswer(65_536, 10, 34_000);
    expect(window.targetBytes).toBe(bytes);
  });

  test('grows beyond its share of the line, where the line carries more', () => {
    const window = new ReadWindow(50, MAX_BYTES, 8);
    run(window, { roundTripMs: 50, rateMibPerSecond: 200, seconds: 3 });
    expect(window.targetBytes).toBeGreaterThan(20 * MIB);
  });

  test('but never more than the budget', () => {
    expect(new ReadWindow(50, 100_000).targetBytes).toBe(100_000);
  });
});

describe('a read brings an eighth of the window, and no more than comes in a second', () => {
  test.each([
    ['before anything came: the least that every server serves', [], 32_768],
    // 640 KiB / 8, and 512 KiB a second.
    ['a fast pipe at the start', [131_072, 250, 131_072], 81_920],
    // The window would allow 32 KiB.
    ['5 KiB/s', [32_768, 6_400, 32_768], 5_120],
    ['1 KiB/s: not so little that requests weigh more', [32_768, 32_000, 32_768], 4_096],
  ] as const)('%s', (_case, answer, pieceBytes) => {
    const window = new ReadWindow(50, MAX_BYTES);
    const [bytes, answerMs, deliveredBytes] = answer;
    if (bytes !== undefined) window.onAnswer(bytes, answerMs, deliveredBytes);
    expect(window.pieceBytes).toBe(pieceBytes);
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

describe('settles near twice what the pipe holds, and what 60 ms bring more where it is short', () => {
  test.each([
    // 100 MiB/s at 50 ms hold 5 MiB, at 100 ms 10 MiB; the first answer counts 20 ms less, and 2.5 ms more.
    ['a long fast pipe', { roundTripMs: 50, rateMibPerSecond: 100 }, 10.9, 11.6],
    ['a shorter one: four times, not more', { roundTripMs: 10, rateMibPerSecond: 75 }, 3, 4],
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

test('is near it after seven round trips', () => {
  const window = new ReadWindow(100, MAX_BYTES);
  expect(window.targetBytes / MIB).toBeLessThan(9);
  run(window, { roundTripMs: 100, rateMibPerSecond: 100, seconds: 0.7 });
  expect(window.targetBytes / MIB).toBeGreaterThan(16);
});

test('does not fall below the first full window before that was answered twice', () => {
  const window = new ReadWindow(100, MAX_BYTES);
  for (let answers = 0; answers < 67; answers += 1) window.onAnswer(261_120, 1_000, 900_000);
  expect(window.targetBytes).toBe(8_808_039);
  window.onAnswer(261_120, 1_000, 900_000);
  expect(window.targetBytes).toBe(2_097_152);
});

test('shrinks when the pipe gets slower', () => {
  const window = new ReadWindow(100, MAX_BYTES);
  run(window, { roundTripMs: 100, rateMibPerSecond: 100, seconds: 2 });
  run(window, { roundTripMs: 100, rateMibPerSecond: 20, seconds: 30 });
  expect(window.targetBytes / MIB).toBeLessThan(6);
});
