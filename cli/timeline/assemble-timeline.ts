import type { ChunkPlan, CompletedTransfer, PlannedTransfer } from '../../transfer/contracts.ts';
import { readableCause } from '../../transfer/text/lambda-error.ts';
import { type AttemptFact, chunksOfSegments } from './chunks-of-segments.ts';
import type { TimelineSegment, TransferTimeline } from './transfer-timeline.ts';

/** What both kinds of run know of a transfer, in the words of the workflow's payloads. */
export interface TransferFacts
  extends Pick<
    TransferTimeline,
    | 'executionId'
    | 'ranOn'
    | 'from'
    | 'requestedPath'
    | 'input'
    | 'status'
    | 'startedAtMs'
    | 'endedAtMs'
    | 'waiting'
    | 'narrowed'
    | 'retried'
    | 'partnerWait'
    | 'bytesRead'
  > {
  failure?: { name: string; cause: string };
  file?: PlannedTransfer;
  plan?: Omit<ChunkPlan, 'segments'>;
  object?: CompletedTransfer;
  attempts: readonly AttemptFact[];
}

/** Puts the attempts in their order, each segment's together, with the chunks that they copied. */
export function assembleTimeline(facts: TransferFacts): TransferTimeline {
  const { failure, file, plan, object, attempts, from, ...rest } = facts;
  const serverUrl = serverOf(file) ?? from?.serverUrl;
  const source = { ...from, ...(serverUrl !== undefined && { serverUrl }) };
  const inOrder = attempts.toSorted((a, b) => a.startedAtMs - b.startedAtMs).map(withReadableCause);
  const ofSegments = inOrder.filter(({ segmentNumber }) => segmentNumber !== undefined);
  return {
    ...rest,
    ...(Object.keys(source).length > 0 && { from: source }),
    steps: inOrder.filter(({ segmentNumber }) => segmentNumber === undefined),
    segments: segmentsOf(ofSegments),
    chunks:
      file === undefined || plan === undefined
        ? []
        : chunksOfSegments(ofSegments, { sizeBytes: file.size_bytes, chunkSizeBytes: plan.chunk_size_bytes }),
    ...(failure && { failure: { name: failure.name, cause: readableCause(failure.cause) } }),
    ...(file && { file: describeFile(file) }),
    ...(plan && {
      plan: {
        chunkSizeBytes: plan.chunk_size_bytes,
        maxConcurrency: plan.max_concurrency,
        chunkCount: plan.chunk_count,
      },
    }),
    ...(object && {
      object: {
        etag: object.etag,
        checksumCrc64Nvme: object.checksum_crc64nvme,
        versionId: object.version_id,
      },
    }),
  };
}

function segmentsOf(attempts: readonly AttemptFact[]): TimelineSegment[] {
  return [...Map.groupBy(attempts, ({ segmentNumber = 0 }) => segmentNumber)]
    .map(([number, ofSegment]) => ({
      number,
      workers: ofSegment.map(({ progress, segmentNumber: _number, ...worker }) => ({
        ...worker,
        ...(progress && { logins: progress.logins, reconnects: progress.reconnects ?? progress.logins - 1 }),
      })),
    }))
    .sort((a, b) => a.number - b.number);
}

function withReadableCause(attempt: AttemptFact): AttemptFact {
  if (attempt.error === undefined) return attempt;
  const { name, message } = attempt.error;
  return { ...attempt, error: { name, message: readableCause(message) } };
}

/** The object names its source; a path too long for S3's metadata has no URL there. */
function serverOf(file: PlannedTransfer | undefined): string | undefined {
  const url = file?.object_metadata['source-url'];
  return url === undefined ? undefined : /^sftp:\/\/[^/]+/.exec(url)?.[0];
}

function describeFile(file: PlannedTransfer): NonNullable<TransferTimeline['file']> {
  return {
    path: file.path,
    sizeBytes: file.size_bytes,
    modifiedAt: file.modified_at,
    maxReadBytes: file.max_read_bytes,
    bucket: file.bucket,
    key: file.key,
    ifExists: file.if_exists,
    ...(file.previous_secret && { previousSecret: true }),
  };
}
