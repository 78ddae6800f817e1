import type { ChunkPlan, CompletedTransfer, PlannedTransfer } from '../../transfer/contracts.ts';
import { readableCause } from './readable-cause.ts';
import type { TimelineAttempt, TimelineChunk, TransferTimeline } from './transfer-timeline.ts';

/** A run of a state as its source tells it; `chunkNumber` only where the state works on a chunk. */
export type AttemptFact = TimelineAttempt & { chunkNumber?: number };

/** What both kinds of run know of a transfer, in the words of the workflow's payloads. */
export interface TransferFacts
  extends Pick<
    TransferTimeline,
    'executionId' | 'ranOn' | 'requestedPath' | 'status' | 'startedAtMs' | 'endedAtMs' | 'bytesRead'
  > {
  failure?: { name: string; cause: string };
  file?: PlannedTransfer;
  plan?: Omit<ChunkPlan, 'chunks'>;
  ranges: ReadonlyMap<number, { startByte: number; endByte: number }>;
  object?: CompletedTransfer;
  attempts: readonly AttemptFact[];
}

/** Puts the attempts in their order, each chunk's together. */
export function assembleTimeline(facts: TransferFacts): TransferTimeline {
  const { failure, file, plan, ranges, object, attempts, ...rest } = facts;
  const inOrder = attempts.toSorted((a, b) => a.startedAtMs - b.startedAtMs).map(withReadableCause);
  return {
    ...rest,
    steps: inOrder.filter(({ chunkNumber }) => chunkNumber === undefined),
    chunks: chunksOf(inOrder, ranges),
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

function chunksOf(attempts: readonly AttemptFact[], ranges: TransferFacts['ranges']): TimelineChunk[] {
  const byChunk = Map.groupBy(attempts, ({ chunkNumber }) => chunkNumber);
  return [...byChunk]
    .flatMap(([number, ofChunk]): TimelineChunk[] => {
      if (number === undefined) return [];
      const { startByte, endByte } = ranges.get(number) ?? { startByte: 0, endByte: 0 };
      return [{ number, startByte, sizeBytes: endByte - startByte, attempts: ofChunk }];
    })
    .sort((a, b) => a.number - b.number);
}

function withReadableCause(attempt: AttemptFact): AttemptFact {
  if (attempt.error === undefined) return attempt;
  const { name, message } = attempt.error;
  return { ...attempt, error: { name, message: readableCause(message) } };
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
  };
}
