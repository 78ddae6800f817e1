import type { Clock } from '../../transfer/clock.ts';
import type { PlannedTransfer } from '../../transfer/contracts.ts';
import { RecordingTelemetry } from './recording-telemetry.ts';
import { MemoryObjectStore } from './s3/memory-object-store.ts';
import { MemorySftpServer } from './sftp/memory-sftp-server.ts';

/** Everything a step's core needs, in memory. Time passes only in `sleep`. */
export function stepRig() {
  const sleeps: number[] = [];
  let ids = 0;
  let nowMs = 1_800_000_000_000;
  const clock: Clock = {
    nowMs: () => nowMs,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      sleeps.push(ms);
      nowMs += ms;
    },
  };
  return {
    server: new MemorySftpServer(),
    store: new MemoryObjectStore(),
    telemetry: new RecordingTelemetry(),
    clock,
    random: () => 0.5,
    newId: () => {
      ids += 1;
      return `transfer-${ids}`;
    },
    sleeps,
  };
}

/** What the plan of `plannedFile` says of the object. */
export const PLANNED_METADATA = { 'transfer-execution': 'execution-1', 'transfer-id': 'transfer-1' };
export const SOURCE_PATH = '/outbound/big.zip';
export const UPLOAD = { bucket: 'landing', key: 'acme/outbound/big.zip', uploadId: 'upload-1' };

/** The metadata of a file of `sizeBytes` at SOURCE_PATH, as MemorySftpServer shows it. */
export function plannedFile(sizeBytes: number, changes: Partial<PlannedTransfer> = {}): PlannedTransfer {
  return {
    path: SOURCE_PATH,
    size_bytes: sizeBytes,
    modified_at: '2023-11-14T22:13:20.000Z',
    max_read_bytes: 32_768,
    bucket: UPLOAD.bucket,
    key: UPLOAD.key,
    chunk_size_bytes: 5_242_880,
    max_concurrency: 8,
    if_exists: 'replace',
    object_metadata: PLANNED_METADATA,
    ...changes,
  };
}
