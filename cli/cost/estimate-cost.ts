import { planChunks } from '../../transfer/plan-chunks.ts';
import {
  LAMBDA_USD_PER_GB_SECOND,
  LAMBDA_USD_PER_REQUEST,
  NAT_USD_PER_GIB,
  S3_USD_PER_GET_CLASS_REQUEST,
  S3_USD_PER_PUT_CLASS_REQUEST,
  STEP_FUNCTIONS_USD_PER_TRANSITION,
} from './prices.ts';

const GIB = 1024 ** 3;
const TIB = 1024 ** 4;
const MB_PER_GB = 1_024;

/** States of statemachine/transfer.asl.json that a successful execution enters once, the Map itself included. */
const STATES_ENTERED_ONCE = 11;
/** ReserveSessions, GetFileMetadata, CreateFileChunks, CompleteUpload and ReleaseSessions. */
const INVOCATIONS_BESIDE_CHUNKS = 5;
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
  /** What one chunk's connection carries while all of them run. */
  bytesPerSecond: number;
  /** Of each chunk beside its bytes: connecting, logging in, the stat, the first byte, the end. */
  overheadSeconds: number;
  /** Of the DownloadChunk function. */
  memoryMb: number;
}

export interface CostEstimate {
  chunkCount: number;
  chunkSizeBytes: number;
  /** Of the chunks, with `maxConcurrency` of them at a time. */
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
  const { chunk_count: chunkCount, chunk_size_bytes: chunkSizeBytes } = planChunks({
    sizeBytes: fileSizeBytes,
    chunkSizeBytes: shape.chunkSizeBytes,
    maxConcurrency,
  });
  const longestChunkSeconds = overheadSeconds + Math.min(chunkSizeBytes, fileSizeBytes) / bytesPerSecond;
  const lambdaSeconds = chunkCount * overheadSeconds + fileSizeBytes / bytesPerSecond;
  const putClassRequests =
    chunkCount + PUT_CLASS_REQUESTS_BESIDE_PARTS + Math.ceil(chunkCount / PARTS_PER_LISTED_PAGE);
  const parts = {
    lambda:
      lambdaSeconds * (memoryMb / MB_PER_GB) * LAMBDA_USD_PER_GB_SECOND +
      (chunkCount + INVOCATIONS_BESIDE_CHUNKS) * LAMBDA_USD_PER_REQUEST,
    natData: (fileSizeBytes / GIB) * NAT_USD_PER_GIB,
    s3Requests:
      putClassRequests * S3_USD_PER_PUT_CLASS_REQUEST + GET_CLASS_REQUESTS * S3_USD_PER_GET_CLASS_REQUEST,
    stateTransitions: (STATES_ENTERED_ONCE + chunkCount) * STEP_FUNCTIONS_USD_PER_TRANSITION,
  };
  const total = parts.lambda + parts.natData + parts.s3Requests + parts.stateTransitions;
  return {
    chunkCount,
    chunkSizeBytes,
    durationSeconds: Math.ceil(chunkCount / maxConcurrency) * longestChunkSeconds,
    lambdaSeconds,
    usd: { ...parts, total, perTib: fileSizeBytes === 0 ? 0 : (total / fileSizeBytes) * TIB },
  };
}
