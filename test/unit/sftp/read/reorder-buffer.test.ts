import type { RangeRead } from '../../../../sftp/read/range-queue.ts';
import type { ReadChannel } from '../../../../sftp/read/read-channel.ts';
import { type Piece, ReorderBuffer } from '../../../../sftp/read/reorder-buffer.ts';

const sink = { push: () => true, waitingBytes: () => 0, end: () => {} };
const range: RangeRead = { endByte: 100, sink, nextByte: 0, sinkWants: true, isCancelled: false };

function piece(startByte: number, lengthBytes = 10, channel?: ReadChannel): Piece {
  return {
    range,
    startByte,
    lengthBytes,
    answers: [],
    answeredBytes: 0,
    channel,
    askedAtMs: 0,
    arrivedBeforeBytes: 0,
  };
}

test('gives pieces in the order of appending, each when it is complete', () => {
  const reorder = new ReorderBuffer();
  const [first, second, third] = [piece(0), piece(10), piece(20)];
  for (const one of [first, second, third]) reorder.append(one);
  expect(reorder.take()).toBeUndefined();
  second.answeredBytes = 10;
  first.answeredBytes = 9;
  expect(reorder.take()).toBeUndefined();
  first.answeredBytes = 10;
  expect(reorder.take()).toBe(first);
  expect(reorder.take()).toBe(second);
  expect(reorder.take()).toBeUndefined();
});

test('counts the bytes of pieces that were not taken', () => {
  const reorder = new ReorderBuffer();
  const first = piece(0, 10);
  reorder.append(first);
  reorder.append(piece(10, 5));
  expect(reorder.heldBytes).toBe(15);
  first.answeredBytes = 10;
  expect(reorder.heldBytes).toBe(15);
  reorder.take();
  expect(reorder.heldBytes).toBe(5);
  reorder.clear();
  expect(reorder.heldBytes).toBe(0);
  expect(reorder.take()).toBeUndefined();
});

test('knows what a channel owes', () => {
  const reorder = new ReorderBuffer();
  const [one, other] = [{} as ReadChannel, {} as ReadChannel];
  const pieces = [piece(0, 10, one), piece(10, 10, other), piece(20, 10, one), piece(30)];
  for (const each of pieces) reorder.append(each);
  expect(reorder.owedBy(one)).toEqual([pieces[0], pieces[2]]);
});

test('keeps the order over thousands of pieces', () => {
  const reorder = new ReorderBuffer();
  const taken: number[] = [];
  for (let n = 0; n < 3_000; n += 1) {
    const next = piece(n);
    reorder.append(next);
    next.answeredBytes = 10;
    if (n % 3 > 0) taken.push(reorder.take()?.startByte ?? -1);
  }
  for (let rest = reorder.take(); rest !== undefined; rest = reorder.take()) taken.push(rest.startByte);
  expect(taken).toEqual(Array.from({ length: 3_000 }, (_, n) => n));
});
