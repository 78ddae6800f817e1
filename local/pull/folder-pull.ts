import type { S3Client } from '@aws-sdk/client-s3';
import type { Decision, PlannedCopy } from '../../folder/decision.ts';
import type { FolderSettings } from '../../folder/settings.ts';
import type { CopyOutcome } from '../../lambdas/copy-batch/batch.ts';
import type { Settled } from '../../lambdas/settle-source/settle-source.ts';
import type { FileLedger } from '../../ledger/ports.ts';
import type { MultipartUpload } from '../../s3/ports.ts';
import type { UnreadFolder } from '../../sftp/folder/list-folder.ts';
import type { SftpServer } from '../../sftp/ports.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';

/** One run over one folder. */
export interface FolderPull {
  settings: FolderSettings;
  server: SftpServer;
  s3: S3Client;
  bucket: string;
  /** Put before every key as it is. */
  keyPrefix: string;
  ifExists: 'replace' | 'fail';
  ledger: FileLedger;
  /** Where the listing is kept for the next run. */
  snapshotFile: string;
  /** Sessions at the server at a time, over everything that the run does. */
  maxSessions: number;
  /** Files above it are copied in chunks of this size, the others in one request. */
  chunkSizeBytes: number;
  /** Decides, and does nothing else. */
  dryRun: boolean;
  telemetry: Telemetry;
  observer: PullObserver;
  /** Called with the upload of a large file that somebody might have to remove; undefined when it is seen to. */
  onUpload?: (upload: MultipartUpload | undefined) => void;
  signal: AbortSignal;
  /** @default the workers' own */
  leaseMs?: number;
}

/** Called with what happens while a folder is pulled. */
export interface PullObserver {
  /** Names so far of one listing of the folder. */
  listed?(names: number): void;
  /** The second listing comes then. */
  waiting?(files: number, untilMs: number): void;
  decided?(copies: readonly PlannedCopy[]): void;
  copied?(outcome: CopyOutcome): void;
  /** Bytes of a large file that have arrived since the last call; may be negative when a chunk is read again. */
  progressed?(bytes: number): void;
  settled?(path: string, settled: Settled): void;
}

export interface PullResult {
  decisions: readonly Decision[];
  unread: readonly UnreadFolder[];
  outcomes: readonly CopyOutcome[];
  settled: readonly { path: string; settled: Settled }[];
  seconds: number;
  logins: number;
}
