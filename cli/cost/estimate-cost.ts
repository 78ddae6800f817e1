import { planChunks } from '../../transfer/plan/plan-chunks.ts';
import { planSegments } from '../../transfer/plan/plan-segments.ts';
import { GIB, TIB } from '../../transfer/text/units.ts';
import {
  LAMBDA_USD_PER_GB_SECOND,
  LAMBDA_USD_PER_REQUEST,
  NAT_USD_PER_GIB,
  S3_USD_PER_GET_CLASS_REQUEST,
  S3_USD_PER_PUT_CLASS_REQUEST,
  STEP_FUNCTIONS_USD_PER_TRANSITION,
} from './prices.ts';

const MB_PER_GB = 1_024;

/** States of statemachine/transfer.asl.json that a successful execution enters once, the Map itself included. */
const STATES_ENTERED_ONCE = 12;
/** DownloadSegment and IsSegmentDownloaded. */
const STATES_PER_WORKER = 2;
/** SegmentDownloaded. */
const STATES_PER_SEGMENT = 1;
/** ReserveSessions, GetFileMetadata, CreateFileChunks, CompleteUpload and ReleaseSessions. */
const INVOCATIONS_BESIDE_WORKERS = 5;
/** How long a worker reads before the next one takes over: a function's longest time, less the end. */
const WORKER_SECONDS = 880;
/** CreateMultipartUpload and CompleteMultipartUpload. */
const PUT_CLASS_REQUESTS_BESIDE_PARTS = 2;
const PARTS_PER_LISTED_PAGE = 1_000;
/** HeadObject before and after the completion. */
const GET_CLASS_REQUESTS = 2;

export interface TransferShape {
  fileSizeBytes: number;
  /** As requested; raised as the plan of the chunks raises it. */
  chunkSizeBytes: number;
  maxConcurrency: number;
  /** What one session carries while all of them run. */
  bytesPerSecond: number;
  /** Of each worker beside its bytes: connecting, logging in, the stat, the first byte, the end. */
  overheadSeconds: number;
  /** Of the DownloadSegment function. */
  memoryMb: number;
}

export interface CostEstimate {
  chunkCount: number;
  chunkSizeBytes: number;
  /** Calls of DownloadSegment, and logins with it. */
  workerCount: number;
  /** Of the segments, with `maxConcurrency` of them at a time. */
  durationSeconds: number;
  lambdaSeconds: number;
  usd: {
    lambda: number;
    /** S3 is reached through the gateway endpoint, so every byte passes the NAT gateway once. */
    natData: number;
    s3Requests: number;
    stateTransitions: number;
    total: number;
    /** The total, for as many bytes as make a tebibyte; 0 for an empty file. */
    perTib: number;
  };
}

/**
 * What one successful transfer adds to the bill. Left out, since it comes to less than a cent: the three small
 * functions' time, logs, traces and the secret's reads; and what is paid without any transfer: the NAT gateways'
 * hours, the Elastic IPs, the storage of the objects.
 * @throws InvalidTransferRequestError if the file is too large for any plan; RangeError for a rate of 0
 */
export function estimateCost(shape: TransferShape): CostEstimate {
  const { fileSizeBytes, maxConcurrency, bytesPerSecond, overheadSeconds, memoryMb } = shape;
  if (!(bytesPerSecond > 0))
    throw new RangeError(`bytesPerSecond is ${bytesPerSecond}, but it must be above 0`);
  const { chunkCount, chunkSizeBytes } = planChunks({
    sizeBytes: fileSizeBytes,
    chunkSizeBytes: shape.chunkSizeBytes,
  });
  const chunks = Array.from({ length: chunkCount }, (_, index) => index + 1);
  const segments = planSegments({ chunks, maxConcurrency });
  const chunkSeconds = fileSizeBytes / chunkCount / bytesPerSecond;
  const workerCount = segments.reduce((sum, { next_chunk, last_chunk }) => {
    return sum + Math.max(1, Math.ceil(((last_chunk - next_chunk + 1) * chunkSeconds) / WORKER_SECONDS));
  }, 0);
  const lambdaSeconds = workerCount * overheadSeconds + fileSizeBytes / bytesPerSecond;
  const putClassRequests =
    chunkCount +
    PUT_CLASS_REQUESTS_BESIDE_PARTS +
    workerCount +
    Math.ceil(chunkCount / PARTS_PER_LISTED_PAGE);
  const states = STATES_ENTERED_ONCE + workerCount * STATES_PER_WORKER + segments.length * STATES_PER_SEGMENT;
  const parts = {
    lambda:
      lambdaSeconds * (memoryMb / MB_PER_GB) * LAMBDA_USD_PER_GB_SECOND +
      (workerCount + INVOCATIONS_BESIDE_WORKERS) * LAMBDA_USD_PER_REQUEST,
    natData: (fileSizeBytes / GIB) * NAT_USD_PER_GIB,
    s3Requests:
      putClassRequests * S3_USD_PER_PUT_CLASS_REQUEST + GET_CLASS_REQUESTS * S3_USD_PER_GET_CLASS_REQUEST,
    stateTransitions: states * STEP_FUNCTIONS_USD_PER_TRANSITION,
  };
  const total = parts.lambda + parts.natData + parts.s3Requests + parts.stateTransitions;
  return {
    chunkCount,
    chunkSizeBytes,
    workerCount,
    durationSeconds: lambdaSeconds / Math.min(maxConcurrency, segments.length),
    lambdaSeconds,
    usd: { ...parts, total, perTib: fileSizeBytes === 0 ? 0 : (total / fileSizeBytes) * TIB },
  };
}
