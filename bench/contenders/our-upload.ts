import path from 'node:path';
import { downloadSegment } from '../../lambdas/download-segment/download-segment.ts';
import type { DownloadSegmentEvent } from '../../lambdas/download-segment/event.ts';
import { lineTelemetry } from '../../local/line-telemetry.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { systemClock } from '../../transfer/clock.ts';
import { DEFAULT_CHUNK_SIZE_BYTES } from '../../transfer/defaults.ts';
import { planChunks } from '../../transfer/plan/plan-chunks.ts';
import { formatModifiedAt } from '../../transfer/source-file.ts';
import { labS3Client } from '../lab/lab-s3.ts';
import type { NodeJob } from './node/node-job.ts';
import { ourSource } from './our-source.ts';

/**
 * DownloadSegment's core as it is deployed: reads the file over one session and uploads it in parts, with checksums.
 * @returns what starts the transfer; finding out what GetFileMetadata would is done before
 */
export async function ourUpload(job: NodeJob): Promise<() => Promise<undefined>> {
  const signal = new AbortController().signal;
  const server = ourSource(job);
  const session = await server.connect(signal);
  const maxReadBytes = await session.maxReadBytes(signal);
  const modifiedAt = formatModifiedAt(await session.stat(job.path, AbortSignal.timeout(60_000)));
  await session.end();

  const client = labS3Client(job.partSinkEndpoint);
  const store = new S3ObjectStore(client);
  const { chunkCount, chunkSizeBytes } = planChunks({
    sizeBytes: job.sizeBytes,
    chunkSizeBytes: DEFAULT_CHUNK_SIZE_BYTES,
  });
  const ports = {
    server,
    // The sink keeps no parts.
    store: { uploadPart: store.uploadPart.bind(store), listParts: async () => [] },
    telemetry: lineTelemetry(),
    clock: systemClock,
    random: Math.random,
  };
  const event: DownloadSegmentEvent = {
    execution_id: 'bench',
    upload_id: 'bench',
    file: {
      path: job.path,
      size_bytes: job.sizeBytes,
      modified_at: modifiedAt,
      max_read_bytes: maxReadBytes,
      bucket: 'sink',
      key: path.basename(job.targetPath),
      chunk_size_bytes: chunkSizeBytes,
      max_concurrency: 1,
      if_exists: 'replace',
      object_metadata: {},
    },
    chunk_size_bytes: chunkSizeBytes,
    segment: { segment_number: 1, next_chunk: 1, last_chunk: chunkCount, workers_left: 1 },
  };
  return async () => {
    await downloadSegment(event, ports, { deadlineAtMs: Number.POSITIVE_INFINITY, signal });
    client.destroy();
    return undefined;
  };
}
