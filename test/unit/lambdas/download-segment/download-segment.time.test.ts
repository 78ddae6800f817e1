import { DeadlineReached } from '../../../../transfer/deadline.ts';
import { ChunkDeadlineError, TransferTooSlowError } from '../../../../transfer/errors.ts';
import {
  expectWhole,
  landed,
  noEnd,
  type Rig,
  rigWithFile,
  run,
  WHOLE,
} from '../../../support/segment-rig.ts';

describe('the time', () => {
  /** Each piece takes a second. */
  function slowRig(): Rig {
    const rig = rigWithFile();
    rig.server.onPiece = () => {
      void rig.clock.sleep(1_000, noEnd.signal);
    };
    return rig;
  }

  test('is nearly over: the worker ends after the chunk in hand, and says where to go on', async () => {
    const rig = slowRig();
    const deadlineAtMs = rig.clock.nowMs() + 26_500;

    const progress = await run(rig, {}, { ...noEnd, deadlineAtMs });

    // A chunk takes 5 s, so one more may take 7.5 s, with 5 s to spare.
    const { length } = landed(rig);
    expect([2, 3]).toContain(length);
    expect(progress).toMatchObject({ next_chunk: length + 1, last_chunk: 6, workers_left: 5 });
    expect(rig.clock.nowMs()).toBeLessThan(deadlineAtMs);
    expect(rig.server.openSessions).toBe(0);
  });

  test('ends before the chunk in hand: what has landed stays, the rest is for the next worker', async () => {
    const rig = slowRig();
    const deadline = new AbortController();
    const { onPiece } = rig.server;
    rig.server.onPiece = (position, readNumber) => {
      onPiece(position, readNumber);
      if (position === 13_000) deadline.abort(new DeadlineReached('10000 ms left'));
    };

    await expect(run(rig, {}, { ...noEnd, signal: deadline.signal })).resolves.toMatchObject({
      next_chunk: 3,
    });

    expect(landed(rig)).toEqual([1, 2]);
  });

  test('is too short for a single chunk: the error says what was done and what to set', async () => {
    const rig = slowRig();
    const deadline = new AbortController();
    const { onPiece } = rig.server;
    rig.server.onPiece = (position, readNumber) => {
      onPiece(position, readNumber);
      if (position === 3_000) deadline.abort(new DeadlineReached('10000 ms left'));
    };

    const failure = await run(rig, {}, { ...noEnd, signal: deadline.signal }).catch(
      (error: unknown) => error,
    );

    expect(failure).toBeInstanceOf(ChunkDeadlineError);
    expect((failure as Error).message).toMatch(/chunk 1: \d+ of 5000 bytes .*chunk_size_bytes.*timeout/);
    expect(rig.server.openSessions).toBe(0);
  });

  test('of many workers makes the whole segment, each with one login', async () => {
    const rig = slowRig();
    let segment = WHOLE;
    let workers = 0;
    for (let nextChunk: number | null = 1; nextChunk !== null; workers += 1) {
      segment = { ...segment, next_chunk: nextChunk };
      const progress = await run(rig, segment, { ...noEnd, deadlineAtMs: rig.clock.nowMs() + 10_000 });
      segment = { ...segment, workers_left: progress.workers_left };
      nextChunk = progress.next_chunk;
    }

    expectWhole(rig);
    expect(workers).toBe(6);
    expect(rig.server.connects).toBe(6);
    expect(segment.workers_left).toBe(0);
  });

  test('of all the workers that an execution may have is over: the error has a name', async () => {
    const rig = slowRig();
    const time = { ...noEnd, deadlineAtMs: rig.clock.nowMs() + 10_000 };

    const failure = await run(rig, { workers_left: 1 }, time).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(TransferTooSlowError);
    expect((failure as Error).message).toMatch(/segment 1: chunks 2 to 6 are left.*25,000 events.*timeout/);
    expect(landed(rig)).toEqual([1]);
  });
});
