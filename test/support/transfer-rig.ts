import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { lineTelemetry } from '../../local/line-telemetry.ts';
import {
  type LocalTransfer,
  runLocalTransfer,
  type TransferObserver,
  type TransferOutcome,
} from '../../local/local-transfer.ts';
import type { StepAttempt } from '../../local/step-attempts.ts';
import type { SftpServer } from '../../sftp/ports.ts';
import type { Clock } from '../../transfer/clock.ts';
import type { TransferRequest } from '../../transfer/contracts.ts';
import type { Patience } from '../../transfer/patience.ts';
import { BUCKET, type LandingStore, landingClient, startLandingStore } from './s3/landing-store.ts';
import { type S3Fault, type S3FaultFront, type S3Request, startS3FaultFront } from './s3/s3-fault-front.ts';

export const MIB = 1_048_576;

/** Short, so that a test need not wait as long as an operator would. */
const RETRY_INTERVAL_MS = 20;
/** A minute is a second, so that a partner who is lost for good costs a test little. */
const PATIENCE: Patience = { patienceMs: 4_000, turnMs: 1_000 };

/** One transfer through the whole workflow, and everything that it wrote. */
export interface RigTransfer {
  outcome: TransferOutcome;
  /** Every run of a step, the repeated ones too. */
  attempts: StepAttempt[];
  /** Log lines, metrics, and the payloads of all states, each as one JSON text. */
  written: string[];
}

export interface RigTransferOptions {
  observer?: TransferObserver;
  signal?: AbortSignal;
  retryIntervalMs?: number;
  /** @default the machine's */
  clock?: Clock;
  /** @default PATIENCE */
  patience?: Patience;
  /** Time of one worker. @default none */
  workerSeconds?: number;
  /** @default false: each step logs in, as on AWS */
  handsSessionsOn?: boolean;
  /** @default the rig's own */
  s3?: S3Client;
  /** Keeps the parts of a transfer that fails, and goes on with them. */
  keeping?: LocalTransfer['keeping'];
  executionId?: string;
  /** @default BUCKET */
  landingBucket?: string;
}

/** Files to serve, a store behind a faulty front, and transfers between them through the workflow file. */
export interface TransferRig {
  /** Where files to be served lie. */
  folder: string;
  /** Looks at what landed, past the front. */
  store: LandingStore;
  /** What the transfers talk to. */
  front: S3FaultFront;
  s3: S3Client;
  /** Writes random bytes into the folder. */
  put(name: string, sizeBytes: number): Promise<{ path: string; sha256: string }>;
  transfer(server: SftpServer, request: TransferRequest, options?: RigTransferOptions): Promise<RigTransfer>;
  close(): Promise<void>;
}

/** @param s3FaultOf names the fault of a request to S3; may change its mind while the rig runs */
export async function startTransferRig(
  s3FaultOf: (request: S3Request) => S3Fault | undefined = () => undefined,
): Promise<TransferRig> {
  const root = await mkdtemp(join(tmpdir(), 'sftp-to-s3-rig-'));
  const folder = join(root, 'outbound');
  await mkdir(folder);
  const store = await startLandingStore(join(root, 's3'));
  const front = await startS3FaultFront(store.endpoint, s3FaultOf);
  const s3 = landingClient({ endpoint: front.endpoint });
  return {
    folder,
    store,
    front,
    s3,
    async put(name, sizeBytes) {
      const bytes = randomBytes(sizeBytes);
      await writeFile(join(folder, name), bytes);
      return { path: `/${name}`, sha256: createHash('sha256').update(bytes).digest('hex') };
    },
    transfer: (source, request, options = {}) => runRigTransfer(options.s3 ?? s3, source, request, options),
    async close() {
      s3.destroy();
      await front.close();
      await store.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function runRigTransfer(
  s3: S3Client,
  source: SftpServer,
  request: TransferRequest,
  options: RigTransferOptions,
): Promise<RigTransfer> {
  const { observer, signal = new AbortController().signal, retryIntervalMs = RETRY_INTERVAL_MS } = options;
  const attempts: StepAttempt[] = [];
  const written: string[] = [];
  const outcome = await runLocalTransfer({
    request,
    server: source,
    s3,
    defaults: {
      landingBucket: options.landingBucket ?? BUCKET,
      allowedBuckets: [],
      keyPrefix: 'partner',
      chunkSizeBytes: 5 * MIB,
      maxConcurrency: 4,
    },
    telemetry: lineTelemetry((line) => written.push(line)),
    signal,
    retryIntervalMs,
    patience: options.patience ?? PATIENCE,
    ...(options.clock !== undefined && { clock: options.clock }),
    ...(options.workerSeconds !== undefined && { workerSeconds: options.workerSeconds }),
    ...(options.handsSessionsOn !== undefined && { handsSessionsOn: options.handsSessionsOn }),
    ...(options.keeping !== undefined && { keeping: options.keeping }),
    ...(options.executionId !== undefined && { executionId: options.executionId }),
    observer: {
      ...observer,
      stepEnded(attempt) {
        attempts.push(attempt);
        observer?.stepEnded?.(attempt);
      },
      workflowEvent(event) {
        written.push(JSON.stringify(event));
        observer?.workflowEvent?.(event);
      },
    },
  });
  written.push(JSON.stringify(outcome));
  return { outcome, attempts, written };
}
