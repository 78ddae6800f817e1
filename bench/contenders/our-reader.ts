import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { NodeJob } from './node/node-job.ts';
import { ourSource } from './our-source.ts';

/** So that the file takes the bytes in writes of this size, and not in one for each read. */
const WRITE_BUFFER_BYTES = 1024 ** 2;

/**
 * The range reader alone: one connection, one stream, into a file as the peers do it.
 * @returns how long connecting took, in seconds
 */
export async function ourReader(job: NodeJob): Promise<number> {
  const signal = new AbortController().signal;
  const startedMs = performance.now();
  const session = await ourSource(job).connect(signal);
  const connectSeconds = (performance.now() - startedMs) / 1_000;
  const maxReadBytes = await session.maxReadBytes(signal);
  const file = await session.open(job.path, { maxReadBytes, expectedBytes: job.sizeBytes }, signal);
  await pipeline(
    file.read({ startByte: 0, endByte: job.sizeBytes }),
    createWriteStream(job.targetPath, { highWaterMark: WRITE_BUFFER_BYTES }),
  );
  await file.close();
  await session.end();
  return connectSeconds;
}
