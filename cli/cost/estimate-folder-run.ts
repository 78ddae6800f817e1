import { planBatches } from '../../folder/batches.ts';
import { LAMBDA_MAX_TIMEOUT_SECONDS } from '../../transfer/limits.ts';
import {
  DYNAMODB_USD_PER_READ_UNIT,
  DYNAMODB_USD_PER_WRITE_UNIT,
  LAMBDA_USD_PER_GB_SECOND,
  LAMBDA_USD_PER_REQUEST,
  S3_USD_PER_GET_CLASS_REQUEST,
  S3_USD_PER_PUT_CLASS_REQUEST,
  STEP_FUNCTIONS_USD_PER_TRANSITION,
} from './prices.ts';

/** A run over a folder of equal small files, all of them new. */
interface FolderRunToEstimate {
  files: number;
  fileSizeBytes: number;
  /** How long a worker takes for a file, its share of what is under way together. */
  secondsPerFile: number;
  /** Of the function that copies. */
  memoryMb: number;
  /** Where source files are moved after their proof: for each, one after the other. */
  settling?: { secondsPerFile: number; memoryMb: number };
}

interface FolderRunEstimate {
  batches: number;
  /** Of sessions that are not lost. */
  logins: number;
  usd: { lambda: number; s3Requests: number; stateTransitions: number; ledger: number; total: number };
}

/** Both listings of a run. */
const LISTINGS = 2;
/** CopyBatch, IsBatchCopied, BatchCopied, and the child's beginning and end. */
const TRANSITIONS_PER_BATCH = 5;
/** All of the run itself, with a wait for sessions here and there. */
const TRANSITIONS_PER_RUN = 100;
/** The plan and the refused login are looked for; the outcomes are written, and found by the summary. */
const PUT_CLASS_PER_BATCH = 4;
const GET_CLASS_PER_BATCH = 2;
/** A claim and a commit; the commit reads the row, which is below 1 KB. */
const WRITES_PER_FILE = 2;
const READS_PER_FILE = 1;
/** Both listings read the rows that there are: of 4 KB a unit, consistent. */
const READS_PER_ROW_LISTED = 0.25;

/** Without the way out: see ways-out.ts. */
export function estimateFolderRun(run: FolderRunToEstimate): FolderRunEstimate {
  const { files, fileSizeBytes, secondsPerFile, memoryMb, settling } = run;
  const batches = planBatches(Array.from({ length: files }, () => ({ sizeBytes: fileSizeBytes }))).length;
  const settlingSeconds = files * (settling?.secondsPerFile ?? 0);
  const settlers = Math.ceil(settlingSeconds / LAMBDA_MAX_TIMEOUT_SECONDS);
  const settled = settling === undefined ? 0 : files;
  const gbSeconds = (files * secondsPerFile * memoryMb + settlingSeconds * (settling?.memoryMb ?? 0)) / 1024;

  const lambda = gbSeconds * LAMBDA_USD_PER_GB_SECOND + (batches + settlers) * LAMBDA_USD_PER_REQUEST;
  const s3Requests =
    (files + batches * PUT_CLASS_PER_BATCH) * S3_USD_PER_PUT_CLASS_REQUEST +
    (batches * GET_CLASS_PER_BATCH + settled) * S3_USD_PER_GET_CLASS_REQUEST;
  const stateTransitions =
    (batches * TRANSITIONS_PER_BATCH + 2 * settlers + TRANSITIONS_PER_RUN) *
    STEP_FUNCTIONS_USD_PER_TRANSITION;
  const reads = files * (READS_PER_FILE + LISTINGS * READS_PER_ROW_LISTED) + settled;
  const ledger =
    (files * WRITES_PER_FILE + settled) * DYNAMODB_USD_PER_WRITE_UNIT + reads * DYNAMODB_USD_PER_READ_UNIT;
  return {
    batches,
    logins: LISTINGS + batches + settlers,
    usd: {
      lambda,
      s3Requests,
      stateTransitions,
      ledger,
      total: lambda + s3Requests + stateTransitions + ledger,
    },
  };
}
