import { randomBytes } from 'node:crypto';
import { downloadSegment } from '../../lambdas/download-segment/download-segment.ts';
import type { WorkerTime } from '../../lambdas/download-segment/segment-worker.ts';
import type { PlannedTransfer, Segment } from '../../transfer/contracts.ts';
import { plannedFile, SOURCE_PATH, stepRig, UPLOAD } from './step-rig.ts';

/** Chunks of 5,000 bytes; the sixth has 500. */
export const FILE = randomBytes(25_500);
export const CHUNK_BYTES = 5_000;
export const WHOLE: Segment = { segment_number: 1, next_chunk: 1, last_chunk: 6, workers_left: 6 };
export const noEnd: WorkerTime = {
  deadlineAtMs: Number.POSITIVE_INFINITY,
  signal: new AbortController().signal,
};

export type Rig = ReturnType<typeof rigWithFile>;

/** The ports of a worker in memory: the server has `FILE`, the upload is open. */
export function rigWithFile() {
  const rig = stepRig();
  rig.server.add(SOURCE_PATH, FILE);
  rig.store.start(UPLOAD);
  return rig;
}

/** Runs one worker: by default over the whole file, one connection, with all the time it wants. */
export function run(
  rig: Rig,
  segment: Partial<Segment> = {},
  time: WorkerTime = noEnd,
  changes: Partial<PlannedTransfer> = {},
) {
  const event = {
    execution_id: 'execution-1',
    upload_id: UPLOAD.uploadId,
    file: plannedFile(FILE.length, { max_concurrency: 1, ...changes }),
    chunk_size_bytes: CHUNK_BYTES,
    segment: { ...WHOLE, ...segment },
  };
  return downloadSegment(event, rig, time);
}

export const chunk = (number: number) => FILE.subarray((number - 1) * CHUNK_BYTES, number * CHUNK_BYTES);
export const partsOf = (rig: Rig) => rig.store.uploads.get(UPLOAD.uploadId)?.parts ?? new Map();
export const landed = (rig: Rig) => [...partsOf(rig).keys()].sort((a, b) => a - b);

export function expectWhole(rig: Rig): void {
  const bytes = landed(rig).map((number) => partsOf(rig).get(number)?.bytes as Buffer);
  expect(Buffer.concat(bytes).equals(FILE)).toBe(true);
}
