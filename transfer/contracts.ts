import { z } from 'zod';
import { InvalidTransferRequestError } from './errors.ts';
import { MAX_KEEP_PARTS_DAYS } from './keep-parts.ts';
import {
  S3_MAX_KEY_BYTES,
  S3_MAX_PART_SIZE_BYTES,
  S3_MAX_PARTS,
  S3_MIN_PART_SIZE_BYTES,
  SFTP_MAX_PATH_BYTES,
  STEP_FUNCTIONS_MAX_INLINE_MAP_CONCURRENCY,
} from './limits.ts';

/**
 * The JSON that travels between the states of `statemachine/transfer.asl.json`. Keys are snake_case everywhere
 * in these payloads. Sizes and offsets are bytes; `start_byte` is inclusive, `end_byte` exclusive.
 */

const utf8Length = (text: string): number => Buffer.byteLength(text, 'utf8');

export const sftpPath = z
  .string('it must be the path of a file')
  .min(1, 'it must name a file')
  .refine((path) => path.isWellFormed(), 'it must be well-formed Unicode')
  .refine((path) => !path.includes('\0'), 'it must not contain a NUL character')
  .refine((path) => utf8Length(path) <= SFTP_MAX_PATH_BYTES, {
    error: (issue) =>
      `it must be at most ${SFTP_MAX_PATH_BYTES} bytes, not ${utf8Length(issue.input as string)}`,
  });

export const s3Key = z
  .string('it must be an object key')
  .min(1, 'it must not be empty')
  .refine((key) => key.isWellFormed(), 'it must be well-formed Unicode')
  .refine((key) => !key.includes('\0'), 'it must not contain a NUL character')
  .refine((key) => utf8Length(key) <= S3_MAX_KEY_BYTES, {
    error: (issue) =>
      `S3 keys have at most ${S3_MAX_KEY_BYTES} bytes, not ${utf8Length(issue.input as string)}`,
  });

export const s3Bucket = z
  .string('it must be the name of a bucket')
  .regex(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'it must be a bucket name of 3 to 63 lower-case letters, digits, dots or hyphens',
  );

export const between = (low: number, high: number, unit: string) =>
  z
    .int(`it must be a whole number of ${unit}`)
    .min(low, `it must be at least ${low} ${unit}`)
    .max(high, `it must be at most ${high} ${unit}`);

export const byteCount = between(0, Number.MAX_SAFE_INTEGER, 'bytes');
export const chunkSize = between(S3_MIN_PART_SIZE_BYTES, S3_MAX_PART_SIZE_BYTES, 'bytes');
const maxConcurrency = between(1, STEP_FUNCTIONS_MAX_INLINE_MAP_CONCURRENCY, 'chunks at a time');
export const executionId = z.string().min(1);
export const uploadId = z.string().min(1);

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html */
const MAX_EXECUTION_ID_CHARACTERS = 256;

/** What an execution is started with. Only `sftp_file_path` is required; GetFileMetadata fills every default. */
export const transferRequestSchema = z.strictObject({
  sftp_file_path: sftpPath,
  target_s3_bucket: s3Bucket.optional(),
  target_s3_key: s3Key.optional(),
  chunk_size_bytes: chunkSize.optional(),
  max_concurrency: maxConcurrency.optional(),
  if_exists: z.enum(['replace', 'fail'], { error: 'it must be "replace" or "fail"' }).optional(),
  /** An execution whose finished parts are kept: this one goes on with its upload. */
  resume_execution: z
    .string()
    .min(1, 'it must name an execution')
    .max(MAX_EXECUTION_ID_CHARACTERS, `it must be at most ${MAX_EXECUTION_ID_CHARACTERS} characters`)
    .optional(),
});
export type TransferRequest = z.infer<typeof transferRequestSchema>;

/** A key that was made, not given, keeps to the same bounds. */
export const targetKeySchema = z.object({ target_s3_key: s3Key });

/** The planned transfer of one file, with every default filled: what GetFileMetadata returns. */
export const plannedTransferSchema = z.object({
  /** Absolute path as the server resolved it. */
  path: sftpPath,
  size_bytes: byteCount,
  /** ISO 8601, whole seconds: SFTP version 3 has no finer time. */
  modified_at: z.iso.datetime(),
  /** Largest read that the server serves in one answer. */
  max_read_bytes: between(1, Number.MAX_SAFE_INTEGER, 'bytes'),
  bucket: s3Bucket,
  key: s3Key,
  chunk_size_bytes: chunkSize,
  max_concurrency: maxConcurrency,
  if_exists: z.enum(['replace', 'fail']),
  /** How long finished parts are kept when the transfer fails; 0, or absent: they are removed at once. */
  keep_parts_days: between(0, MAX_KEEP_PARTS_DAYS, 'days').optional(),
  /** The version of the partner's secret that logged in: all later steps use it. Absent where there are no versions. */
  secret_version_id: z.string().min(1).optional(),
  /** The server refused the present version of the secret, and took the one before. */
  previous_secret: z.literal(true).optional(),
  /** User metadata of the object to be: ASCII, within S3's 2,048 bytes. */
  object_metadata: z.record(z.string(), z.string()),
});
export type PlannedTransfer = z.infer<typeof plannedTransferSchema>;

/** An upload whose parts were kept, and the plan that its parts belong to: what ReserveSessions claims for a resume. */
export const keptUploadSchema = z.object({
  upload_id: uploadId,
  bucket: s3Bucket,
  key: s3Key,
  path: sftpPath,
  size_bytes: byteCount,
  modified_at: z.iso.datetime(),
  /** Frozen by the first plan: parts of another size cannot be joined with these. */
  chunk_size_bytes: chunkSize,
  chunk_count: between(1, S3_MAX_PARTS, 'chunks'),
  /** S3 has given it to the upload when it was started; it cannot be changed, nor read back. */
  object_metadata: z.record(z.string(), z.string()),
});
export type KeptUploadPlan = z.infer<typeof keptUploadSchema>;

/** One byte range of the source, and one S3 part with the same number. */
const chunkSchema = z.object({
  chunk_number: between(1, S3_MAX_PARTS, 'as a chunk number'),
  start_byte: byteCount,
  end_byte: byteCount,
});
export type Chunk = z.infer<typeof chunkSchema>;

/**
 * Consecutive chunks for one worker at a time. In the state of the execution it shrinks: each worker moves
 * `next_chunk` on.
 */
export const segmentSchema = z.object({
  segment_number: between(1, S3_MAX_PARTS, 'as a segment number'),
  /** The first chunk that is not known to have landed. */
  next_chunk: between(1, S3_MAX_PARTS, 'as a chunk number'),
  /** Inclusive. */
  last_chunk: between(1, S3_MAX_PARTS, 'as a chunk number'),
  /** Workers that may still be started for it: see MAX_WORKERS_PER_EXECUTION. */
  workers_left: between(0, S3_MAX_PARTS, 'workers'),
});
export type Segment = z.infer<typeof segmentSchema>;

/** What CreateFileChunks returns. The chunks themselves are arithmetic (`chunkAt`): a list of them is never sent. */
export const chunkPlanSchema = z.object({
  chunk_size_bytes: chunkSize,
  chunk_count: between(1, S3_MAX_PARTS, 'chunks'),
  max_concurrency: maxConcurrency,
  segments: z.array(segmentSchema),
});
export type ChunkPlan = z.infer<typeof chunkPlanSchema>;

/**
 * One chunk that a worker has copied, as `[chunk_number, started_ms, ended_ms, sftp_ms, s3_ms]`: when its reading
 * began and when S3 confirmed it, from `started_at_ms` on, and how long it waited for each of the two.
 */
const copiedChunkSchema = z.tuple([z.int(), z.int(), z.int(), z.int(), z.int()]);
export type CopiedChunk = z.infer<typeof copiedChunkSchema>;

/** What DownloadSegment returns: what is left of its segment, and what it did. */
export const segmentProgressSchema = z.object({
  segment_number: z.int(),
  /** The next worker begins here; null when every chunk of the segment has landed. */
  next_chunk: z.int().nullable(),
  last_chunk: z.int(),
  workers_left: z.int(),
  /** Milliseconds since 1970-01-01 UTC. */
  started_at_ms: z.int(),
  /** Logins at the partner's server, the reconnects included. */
  logins: z.int(),
  /** Absent from what older versions returned: then one login was none. */
  reconnects: z.int().optional(),
  /** Chunks that S3 had before, as runs of first and last number. */
  skipped: z.array(z.tuple([z.int(), z.int()])),
  copied: z.array(copiedChunkSchema),
});
export type SegmentProgress = z.infer<typeof segmentProgressSchema>;

/** What ResumeUpload returns: what takes the place of CreateFileChunks' and StartMultipartUpload's, or why nothing does. */
export type ResumedUpload =
  | {
      upload: { upload_id: string };
      file: PlannedTransfer;
      /** The segments hold the chunks that are missing; none when every part is finished. */
      plan: ChunkPlan;
      finished_chunks: number;
      finished_bytes: number;
      /** Finished chunks that were read again, and are as they were. */
      proved_chunks: number[];
    }
  /** The kept upload was aborted, or was gone: the transfer begins anew. */
  | { started_anew: string };

/** The landed object: what CompleteUpload, and so the execution, returns. */
export const completedTransferSchema = z.object({
  bucket: z.string(),
  key: z.string(),
  size_bytes: z.number(),
  etag: z.string(),
  /** Base64 of the big-endian CRC64NVME of the whole object; null where the store proves none. */
  checksum_crc64nvme: z.string().nullable(),
  parts: z.number(),
  version_id: z.string().nullable(),
});
export type CompletedTransfer = z.infer<typeof completedTransferSchema>;

/**
 * Parses `input` by `schema`.
 * @throws InvalidTransferRequestError naming the first wrong field, its value and its bound.
 */
export function parseContract<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw parsed.error;
  const field = issue.path.join('.') || 'input';
  throw new InvalidTransferRequestError(field, issue.input, issue.message);
}
