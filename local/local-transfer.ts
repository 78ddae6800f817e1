import { randomUUID } from 'node:crypto';
import {
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { abortUpload } from '../lambdas/abort-upload/abort-upload.ts';
import { abortUploadEventSchema } from '../lambdas/abort-upload/event.ts';
import { completeUpload } from '../lambdas/complete-upload/complete-upload.ts';
import { completeUploadEventSchema } from '../lambdas/complete-upload/event.ts';
import { createFileChunks } from '../lambdas/create-file-chunks/create-file-chunks.ts';
import {
  type CreateFileChunksEvent,
  createFileChunksEventSchema,
} from '../lambdas/create-file-chunks/event.ts';
import { downloadSegment } from '../lambdas/download-segment/download-segment.ts';
import { downloadSegmentEventSchema } from '../lambdas/download-segment/event.ts';
import { getFileMetadataEventSchema } from '../lambdas/get-file-metadata/event.ts';
import { getFileMetadata, type TransferDefaults } from '../lambdas/get-file-metadata/get-file-metadata.ts';
import { keepPartsEventSchema } from '../lambdas/keep-parts/event.ts';
import { keepParts } from '../lambdas/keep-parts/keep-parts.ts';
import { releaseSessionsEventSchema } from '../lambdas/release-sessions/event.ts';
import { releaseSessions } from '../lambdas/release-sessions/release-sessions.ts';
import { type AwaitedPartner, workflowEventSchema } from '../lambdas/reserve-sessions/event.ts';
import { reserveSessions } from '../lambdas/reserve-sessions/reserve-sessions.ts';
import { resumeUploadEventSchema } from '../lambdas/resume-upload/event.ts';
import { resumeUpload } from '../lambdas/resume-upload/resume-upload.ts';
import { memorySessions } from '../ledger/partner-sessions.ts';
import { Crc64NvmeHasher } from '../s3/crc64-nvme/hasher.ts';
import { S3ObjectStore } from '../s3/object-store.ts';
import type { MultipartUpload } from '../s3/ports.ts';
import type { SftpServer } from '../sftp/ports.ts';
import { type Clock, systemClock } from '../transfer/clock.ts';
import {
  type ChunkPlan,
  type CompletedTransfer,
  type PlannedTransfer,
  parseContract,
  type ResumedUpload,
  type TransferRequest,
} from '../transfer/contracts.ts';
import { STEP_FUNCTIONS_MAX_INLINE_MAP_CONCURRENCY } from '../transfer/limits.ts';
import { DEFAULT_LOCAL_PATIENCE_MINUTES, type Patience, patienceOf } from '../transfer/patience.ts';
import { evenChunkSize } from '../transfer/plan/plan-chunks.ts';
import type { Telemetry } from '../transfer/telemetry.ts';
import type { CaughtError } from '../transfer/text/lambda-error.ts';
import { PartnerWatch, WAITS_FOR_PARTNER } from './partner-watch.ts';
import { findRemains, type Remains, withKeptUntil } from './remains.ts';
import { type KeepingParts, UploadKeeper } from './resume/upload-keeper.ts';
import { SessionHandover } from './session-handover.ts';
import { observeSteps, type StepAttempt } from './step-attempts.ts';
import { loadWorkflow } from './workflow-definition.ts';
import { runWorkflow, type WorkflowEvent, type WorkflowTask } from './workflow-runner.ts';

const LOCAL_PATIENCE = patienceOf(DEFAULT_LOCAL_PATIENCE_MINUTES);
/** How long the abort after a stopped execution may take. */
const STOPPED_ABORT_TIMEOUT_MS = 60_000;
/** How long S3 may take to say what is left of a transfer that did not succeed. */
const REMAINS_TIMEOUT_MS = 30_000;

export interface LocalTransfer {
  request: TransferRequest;
  server: SftpServer;
  s3: S3Client;
  defaults: TransferDefaults;
  telemetry: Telemetry;
  /** Stops the execution and aborts its upload. */
  signal: AbortSignal;
  observer?: TransferObserver;
  /** @default a random one */
  executionId?: string;
  /** @default the machine's */
  clock?: Clock;
  /** Replaces the waiting time of every Retry; for tests. */
  retryIntervalMs?: number;
  /** Writes unfinished uploads down, and keeps their parts; with `resume_execution` in the request, goes on with one. */
  keeping?: KeepingParts;
  /** How long it waits for a partner who cannot be reached. @default DEFAULT_LOCAL_PATIENCE_MINUTES */
  patience?: Patience;
  /** A step hands its session on to the next. @default each step logs in, as on AWS */
  handsSessionsOn?: boolean;
  /** The chunk size is chosen so that all connections end together, and is at most what was asked for. @default as asked for */
  evensChunks?: boolean | undefined;
  /** Time of one worker, as a function's timeout on AWS. @default none: a worker goes on to the end of its segment */
  workerSeconds?: number;
}

/** Called with what happens while a transfer runs. */
export interface TransferObserver {
  fileFound?(file: PlannedTransfer): void;
  uploadStarted?(upload: MultipartUpload): void;
  chunksPlanned?(plan: ChunkPlan): void;
  /** After `chunksPlanned` where an upload goes on; before it where nothing can be used. */
  uploadResumed?(resumed: ResumedUpload): void;
  /** `bytesRead` counts from the chunk's start; it falls back when the chunk is tried again. */
  chunkProgressed?(chunkNumber: number, bytesRead: number): void;
  chunkLanded?(chunkNumber: number): void;
  /** Work has lost the partner, and may try again after `wait_seconds`, or not at all. */
  partnerAwaited?(awaited: AwaitedPartner & { lost: CaughtError; segmentNumber: number | undefined }): void;
  /** Each run of a Task state, the repeated ones too, when it is over. */
  stepEnded?(attempt: StepAttempt): void;
  workflowEvent?(event: WorkflowEvent): void;
}

export type TransferOutcome =
  | { status: 'SUCCEEDED'; object: CompletedTransfer; seconds: number }
  | { status: 'FAILED'; error: string; cause: string; seconds: number; remains: Remains }
  | { status: 'ABORTED'; seconds: number; remains: Remains };

/**
 * Moves one file through the deployed workflow on this machine: the steps' cores do the work, the S3 integration
 * goes through the S3 client, and a stopped execution's upload is aborted as the EventBridge rule does it on AWS.
 */
export async function runLocalTransfer(transfer: LocalTransfer): Promise<TransferOutcome> {
  const { defaults, observer, request, s3, signal, telemetry } = transfer;
  const { clock = systemClock, workerSeconds = Number.POSITIVE_INFINITY } = transfer;
  const store = new S3ObjectStore(s3);
  const handover = transfer.handsSessionsOn === true ? new SessionHandover(transfer.server) : undefined;
  const { server } = handover ?? transfer;
  const ports = { server, store, telemetry, clock, random: Math.random, newId: randomUUID };
  const chunkLanded = observer?.chunkLanded?.bind(observer);
  const workerPorts = {
    ...ports,
    ...(chunkLanded && { chunkLanded }),
  };
  let planned: PlannedTransfer | undefined;
  let plan: ChunkPlan | undefined;
  let keptUntil: string | undefined;
  let upload: MultipartUpload | undefined;

  const executionId = transfer.executionId ?? `local:${randomUUID()}`;
  const keeper = transfer.keeping && new UploadKeeper(executionId, transfer.keeping, telemetry);
  const uploads = transfer.keeping?.uploads;
  const keptPorts = uploads === undefined ? {} : { uploads };
  const keepPartsDays = transfer.keeping?.keepPartsDays ?? 0;

  const sessions = memorySessions(() => clock.nowMs());
  const resuming = keeper === undefined ? {} : { resuming: keeper.claiming };
  const reservePorts = { sessions, telemetry, endOf: async () => undefined, ...resuming };
  // One transfer a process: nobody to share the sessions with.
  const reserveSettings = { ...defaults, maxSessions: STEP_FUNCTIONS_MAX_INLINE_MAP_CONCURRENCY, drainMs: 0 };

  const { patience = LOCAL_PATIENCE } = transfer;
  const watch = new PartnerWatch({ telemetry, clock }, patience, (awaited) =>
    observer?.partnerAwaited?.(awaited),
  );
  /** One function on AWS: it asks for sessions, and asks for the partner again. */
  const reserve: WorkflowTask = async (input, taskSignal) => {
    const event = parseContract(workflowEventSchema, input);
    if (!('lost_partner' in event) || event.lost_partner === undefined)
      return reserveSessions(event, reservePorts, reserveSettings, taskSignal);
    return watch.wait(event, taskSignal);
  };

  const tasks: Record<string, WorkflowTask> = {
    ReserveSessions: reserve,
    AwaitPartner: reserve,
    AwaitPartnerOfSegment: reserve,
    GetFileMetadata: async (input, taskSignal) => {
      const file = await getFileMetadata(
        parseContract(getFileMetadataEventSchema, input),
        ports,
        { ...defaults, keepPartsDays },
        taskSignal,
      );
      planned = file;
      observer?.fileFound?.(file);
      return file;
    },
    ResumeUpload: async (input, taskSignal) => {
      const event = parseContract(resumeUploadEventSchema, input);
      const { bucket, key, upload_id: uploadId } = event.kept_upload;
      keeper?.adopted(uploadId);
      upload = { bucket, key, uploadId };
      observer?.uploadStarted?.(upload);
      const newHasher = () => new Crc64NvmeHasher();
      const resumed = await resumeUpload(event, { ...ports, newHasher }, taskSignal);
      if ('plan' in resumed) {
        planned = resumed.file;
        plan = resumed.plan;
        observer?.chunksPlanned?.(resumed.plan);
      } else {
        await keeper?.adoptedInVain();
      }
      observer?.uploadResumed?.(resumed);
      return resumed;
    },
    CreateFileChunks: async (input) => {
      const event = parseContract(createFileChunksEventSchema, input);
      plan = createFileChunks(transfer.evensChunks === true ? withEvenChunks(event) : event);
      observer?.chunksPlanned?.(plan);
      return plan;
    },
    // Not cancelled: an upload that was started but never named could not be aborted.
    StartMultipartUpload: async (input) => {
      const command = new CreateMultipartUploadCommand(input as CreateMultipartUploadCommandInput);
      const { Bucket, Key, UploadId } = await s3.send(command).catch(asS3Exception);
      upload = { bucket: String(Bucket), key: String(Key), uploadId: String(UploadId) };
      observer?.uploadStarted?.(upload);
      if (planned !== undefined && plan !== undefined) await keeper?.started(upload, planned, plan);
      return { Bucket, Key, UploadId };
    },
    DownloadSegment: (input, taskSignal) => {
      const event = parseContract(downloadSegmentEventSchema, input);
      const bytesCame = watch.whoReads(executionId, event.segment.segment_number);
      const chunkProgress = (chunkNumber: number, bytesRead: number): void => {
        bytesCame();
        observer?.chunkProgressed?.(chunkNumber, bytesRead);
      };
      return downloadSegment(
        event,
        { ...workerPorts, chunkProgress },
        { deadlineAtMs: clock.nowMs() + workerSeconds * 1000, signal: taskSignal },
      );
    },
    CompleteUpload: (input, taskSignal) =>
      completeUpload(parseContract(completeUploadEventSchema, input), ports, taskSignal),
    KeepParts: async (input, taskSignal) => {
      if (transfer.keeping === undefined)
        throw new Error('the workflow does not keep parts of this transfer');
      const { resumeCommand, uploads } = transfer.keeping;
      const keepPorts = { ...ports, uploads, resumeCommand: () => resumeCommand };
      const kept = await keepParts(parseContract(keepPartsEventSchema, input), keepPorts, taskSignal);
      keptUntil = kept.keep_until;
      return kept;
    },
    AbortUpload: (input, taskSignal) => {
      const { bucket, key, upload_id: uploadId } = parseContract(abortUploadEventSchema, input);
      return abortUpload({ bucket, key, uploadId }, { ...ports, ...keptPorts }, taskSignal);
    },
    ReleaseSessions: (input, taskSignal) =>
      releaseSessions(
        parseContract(releaseSessionsEventSchema, input),
        { ...ports, sessions, ...keptPorts },
        0,
        taskSignal,
      ),
  };

  const startedMs = clock.nowMs();
  const outcome = await runWorkflow({
    definition: loadWorkflow(),
    tasks: observeSteps(tasks, clock, (attempt) => observer?.stepEnded?.(attempt)),
    input: request,
    executionId,
    signal,
    waitedByTasks: WAITS_FOR_PARTNER,
    onEvent: (event) => observer?.workflowEvent?.(event),
    ...(transfer.retryIntervalMs === undefined ? {} : { retryIntervalMs: transfer.retryIntervalMs }),
  }).finally(() => handover?.end());
  if (outcome.status === 'ABORTED' && upload !== undefined) {
    const abort = abortUpload(
      upload,
      { ...ports, ...keptPorts },
      AbortSignal.timeout(STOPPED_ABORT_TIMEOUT_MS),
    );
    await abort.catch((error: Error) =>
      telemetry.warn('the upload could not be aborted', { cause: error.message }),
    );
  }
  await keeper?.ended(outcome.status === 'SUCCEEDED');
  const seconds = (clock.nowMs() - startedMs) / 1000;
  if (outcome.status === 'SUCCEEDED') {
    return { status: 'SUCCEEDED', object: outcome.output as CompletedTransfer, seconds };
  }
  const remains = await findRemains(planned, upload, store, AbortSignal.timeout(REMAINS_TIMEOUT_MS));
  return {
    ...outcome,
    seconds,
    remains: keptUntil === undefined ? remains : withKeptUntil(remains, keptUntil),
  };
}

function withEvenChunks(event: CreateFileChunksEvent): CreateFileChunksEvent {
  const { chunk_size_bytes: chunkSizeBytes, max_concurrency, size_bytes: sizeBytes } = event.file;
  const chunk_size_bytes = evenChunkSize({ sizeBytes, chunkSizeBytes }, max_concurrency);
  return { ...event, file: { ...event.file, chunk_size_bytes } };
}

/** Names a failure as the Step Functions integration of the AWS SDK does. */
function asS3Exception(error: unknown): never {
  const named = error instanceof Error ? error : new Error(String(error));
  const answered = '$metadata' in named && (named.$metadata as { httpStatusCode?: number }).httpStatusCode;
  const exception = new Error(named.message, { cause: error });
  exception.name = answered
    ? `S3.${named.name.replace(/(Exception)?$/, 'Exception')}`
    : 'S3.SdkClientException';
  throw exception;
}
