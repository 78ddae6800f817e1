import type { MultipartUpload, UploadedPart } from '../../s3/ports.ts';
import type { ChunkPlan, PlannedTransfer, ResumedUpload } from '../../transfer/contracts.ts';
import { UploadGoneError } from '../../transfer/errors.ts';
import type { ChunkGrid } from '../../transfer/plan/plan-chunks.ts';
import { planSegments } from '../../transfer/plan/plan-segments.ts';
import { type AbortPorts, abortUntilGone } from '../shared/upload/abort-until-gone.ts';
import { finishedParts } from '../shared/upload/finished-parts.ts';
import { chooseSample } from './choose-sample.ts';
import { differenceFrom } from './differences.ts';
import type { ResumeUploadEvent } from './event.ts';
import { type ProofPorts, proveSample } from './prove-sample.ts';

export interface ResumePorts extends ProofPorts, AbortPorts {
  /** Uniform in [0, 1). */
  random: () => number;
}

/**
 * Goes on with the upload of an earlier execution: plans the chunks that S3 does not have, after reading some of those
 * again that it has. Where the source or the target is another one by now, the upload is aborted and the transfer
 * begins anew.
 * @throws SourceChangedError when a finished chunk has other bytes now | UploadFailedError | SftpConnectionError |
 *   SftpStalledError | SftpRequestFailedError, and the other errors of connecting and reading
 */
export async function resumeUpload(
  { file, kept_upload: kept }: ResumeUploadEvent,
  ports: ResumePorts,
  signal: AbortSignal,
): Promise<ResumedUpload> {
  const upload: MultipartUpload = { bucket: kept.bucket, key: kept.key, uploadId: kept.upload_id };
  const beginAnew = (reason: string): ResumedUpload => {
    ports.telemetry.warn('nothing is resumed, the transfer begins anew', { reason });
    return { started_anew: reason };
  };
  const difference = differenceFrom(kept, file);
  if (difference !== undefined) {
    await abortUntilGone(upload, ports, signal);
    return beginAnew(`${difference}; the kept parts were removed`);
  }
  const parts = await listOrGone(upload, ports, signal);
  if (parts === undefined)
    return beginAnew('S3 no longer has the upload: its parts were removed or had expired');

  const grid: ChunkGrid = { sizeBytes: kept.size_bytes, chunkSizeBytes: kept.chunk_size_bytes };
  const finished = finishedParts(parts, grid, kept.chunk_count);
  const numbers = finished.map(({ partNumber }) => partNumber);
  const sample = chooseSample(numbers, kept.chunk_size_bytes, ports.random());
  const sampled = finished.filter(({ partNumber }) => sample.includes(partNumber));
  await proveSample(file, grid, sampled, ports, signal);
  const result = {
    upload: { upload_id: kept.upload_id },
    file: { ...file, chunk_size_bytes: kept.chunk_size_bytes, object_metadata: kept.object_metadata },
    plan: planMissing(file, kept, new Set(numbers)),
    finished_chunks: finished.length,
    finished_bytes: finished.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    proved_chunks: sample,
  };
  const { finished_chunks, finished_bytes, proved_chunks } = result;
  ports.telemetry.info('upload resumed', { finished_chunks, finished_bytes, proved_chunks });
  return result;
}

async function listOrGone(
  upload: MultipartUpload,
  { store }: Pick<AbortPorts, 'store'>,
  signal: AbortSignal,
): Promise<UploadedPart[] | undefined> {
  try {
    return await store.listParts(upload, signal);
  } catch (error) {
    if (error instanceof UploadGoneError) return undefined;
    throw error;
  }
}

function planMissing(
  { max_concurrency: maxConcurrency }: Pick<PlannedTransfer, 'max_concurrency'>,
  kept: { chunk_size_bytes: number; chunk_count: number },
  finished: ReadonlySet<number>,
): ChunkPlan {
  const all = Array.from({ length: kept.chunk_count }, (_, index) => index + 1);
  const chunks = all.filter((number) => !finished.has(number));
  return {
    chunk_size_bytes: kept.chunk_size_bytes,
    chunk_count: kept.chunk_count,
    max_concurrency: maxConcurrency,
    segments: planSegments({ chunks, maxConcurrency }),
  };
}
