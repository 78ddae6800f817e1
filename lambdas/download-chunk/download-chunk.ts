import { Readable } from 'node:stream';
import type { ObjectStore } from '../../s3/ports.ts';
import { DeadlineReached } from '../../transfer/deadline.ts';
import { ChunkDeadlineError } from '../../transfer/errors.ts';
import type { SessionPorts } from '../shared/partner-session.ts';
import { connectDelayMs } from './connect-delay.ts';
import type { DownloadChunkEvent } from './event.ts';
import { ResumableRange } from './resumable-range.ts';

const MIB = 1024 ** 2;

export interface DownloadPorts extends SessionPorts {
  store: Pick<ObjectStore, 'uploadPart'>;
  /** Uniform in [0, 1). */
  random: () => number;
  /** Told after every piece how many of the chunk's bytes have been read. */
  chunkProgress?: (chunkNumber: number, bytesRead: number) => void;
}

/**
 * Streams one byte range of the source into the S3 part with the chunk's number; memory does not grow with the range.
 * @returns only the chunk's number: 2,000 results must fit into one state
 * @throws SourceChangedError | SftpConnectionError | SftpStalledError | SftpRequestFailedError | ChunkDeadlineError | UploadGoneError |
 *   UploadFailedError, and the other errors of connecting
 */
export async function downloadChunk(
  event: DownloadChunkEvent,
  ports: DownloadPorts,
  signal: AbortSignal,
): Promise<number> {
  const { chunk, file, upload_id: uploadId } = event;
  const { clock, store, telemetry } = ports;
  const start = { chunkNumber: chunk.chunk_number, maxConcurrency: file.max_concurrency };
  await clock.sleep(connectDelayMs(start, ports.random()), signal);
  const sizeBytes = chunk.end_byte - chunk.start_byte;
  const startedMs = clock.nowMs();
  const uploadOver = new AbortController();
  const range = new ResumableRange(event, ports);
  let bytesRead = 0;

  async function* countedBytes(): AsyncGenerator<Buffer, void, undefined> {
    const endSegment = telemetry.startSegment('sftp.read');
    try {
      for await (const piece of range.read(AbortSignal.any([signal, uploadOver.signal]))) {
        bytesRead += piece.length;
        ports.chunkProgress?.(chunk.chunk_number, bytesRead);
        yield piece;
      }
      endSegment();
    } catch (error) {
      endSegment(error);
      throw error;
    }
  }

  const endSegment = telemetry.startSegment('s3.upload-part');
  const body = Readable.from(countedBytes(), { objectMode: false });
  try {
    const upload = { bucket: file.bucket, key: file.key, uploadId };
    await store.uploadPart(upload, { partNumber: chunk.chunk_number, sizeBytes, body }, signal);
    endSegment();
  } catch (error) {
    endSegment(error);
    if (signal.reason instanceof DeadlineReached) {
      throw deadlineError(chunk.chunk_number, bytesRead, sizeBytes, (clock.nowMs() - startedMs) / 1000);
    }
    throw error;
  } finally {
    // A frozen Lambda must not hold a session with the partner.
    uploadOver.abort(new Error('the upload of this chunk is over'));
    await closed(body);
    await range.ended();
  }
  const seconds = (clock.nowMs() - startedMs) / 1000;
  telemetry.metric('BytesTransferred', sizeBytes);
  telemetry.metric('ChunkSeconds', seconds);
  telemetry.info('chunk uploaded', { size_bytes: sizeBytes, seconds });
  return chunk.chunk_number;
}

/** Destroys the stream and waits until its generator is over. */
async function closed(body: Readable): Promise<void> {
  if (body.closed) return;
  await new Promise<void>((resolve) => {
    body.on('error', () => {}).once('close', resolve);
    body.destroy();
  });
}

function deadlineError(
  chunkNumber: number,
  bytesRead: number,
  sizeBytes: number,
  seconds: number,
): ChunkDeadlineError {
  const mibPerSecond = bytesRead / MIB / Math.max(seconds, 0.001);
  return new ChunkDeadlineError(
    `chunk ${chunkNumber}: ${bytesRead} of ${sizeBytes} bytes read in ${seconds.toFixed(0)} s ` +
      `(${mibPerSecond.toFixed(2)} MiB/s) when the function's time was nearly over. ` +
      'Request a smaller chunk_size_bytes, or raise the function timeout (at most 900 s).',
  );
}
