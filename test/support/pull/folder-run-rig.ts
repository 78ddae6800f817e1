import { deployedFolderSchema } from '../../../folder/run/deployed-folder.ts';
import { claimFile } from '../../../lambdas/claim-file/claim-file.ts';
import type { ClaimFileEvent } from '../../../lambdas/claim-file/event.ts';
import { commitFile } from '../../../lambdas/commit-file/commit-file.ts';
import type { CommitFileEvent } from '../../../lambdas/commit-file/event.ts';
import { ByteBudget } from '../../../lambdas/copy-batch/byte-budget.ts';
import { copyBatchOfRun } from '../../../lambdas/copy-batch/copy-batch-of-run.ts';
import type { CopyBatchEvent } from '../../../lambdas/copy-batch/event.ts';
import type { FolderListing } from '../../../lambdas/list-folder/event.ts';
import { listFolderEventSchema } from '../../../lambdas/list-folder/event.ts';
import { planRun } from '../../../lambdas/list-folder/list-folder.ts';
import { settleSourcesOfRun } from '../../../lambdas/settle-source/settle-sources-of-run.ts';
import { summariseRun } from '../../../lambdas/summarise-run/summarise-run.ts';
import type { LedgerEntry } from '../../../ledger/entry.ts';
import { MemoryRows } from '../../../ledger/memory-rows.ts';
import { StoredLedger } from '../../../ledger/stored-ledger.ts';
import type { SftpServer } from '../../../sftp/ports.ts';
import { RecordingTelemetry } from '../recording-telemetry.ts';
import { crc64NvmeOf } from '../s3/crc64-nvme-of.ts';
import { MemoryObjectStore } from '../s3/memory-object-store.ts';
import { never } from '../sftp/partner.ts';
import { MemoryStateFiles } from '../state-files.ts';

const MACHINE = 'arn:aws:states:eu-west-1:111111111111:execution:test-acme-folders';

/** The steps of folder runs on one server, with everything else in memory; the caller plays the workflow. */
export function folderRunRig(server: SftpServer, settings: object, chunkSizeBytes = 1024) {
  const telemetry = new RecordingTelemetry();
  const files = new MemoryStateFiles();
  const store = new MemoryObjectStore();
  const ended = new Set<string>();
  let nowMs = Date.parse('2026-11-25T06:00:00Z');
  let ids = 0;
  let logins = 0;
  const counted = (source: SftpServer): SftpServer => ({
    url: source.url,
    connect(signal) {
      logins += 1;
      return source.connect(signal);
    },
    withSecretVersion: (id) => counted(source.withSecretVersion(id)),
    withPreviousSecret: async () => undefined,
  });
  const ledger = new StoredLedger(new MemoryRows<LedgerEntry>(() => nowMs), () => nowMs);
  const ports = {
    server: counted(server),
    telemetry,
    clock: {
      nowMs: () => nowMs,
      sleep: async (ms: number) => {
        nowMs += ms;
      },
    },
    random: () => 0.5,
    files,
    store,
    ledgerOf: () => ledger,
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    budget: new ByteBudget(1024 ** 2),
    checksum: crc64NvmeOf,
    serverUrl: server.url,
    endOf: async (arn: string) => (ended.has(arn) ? {} : undefined),
  };
  const folder = deployedFolderSchema.parse({
    name: 'daily',
    path: '/in',
    maxBatchesAtOnce: 4,
    maxConcurrency: 2,
    ...settings,
    ready: { quietSeconds: 0, ...(settings as { ready?: object }).ready },
  });
  const worker = { partner: 'acme', deadlineAtMs: Number.POSITIVE_INFINITY };
  return {
    files,
    store,
    ledger,
    telemetry,
    ports,
    logins: () => logins,
    end: (name: string) => ended.add(`${MACHINE}:${name}`),
    wait: (seconds: number) => {
      nowMs += seconds * 1000;
    },
    list: (name: string, request: object = {}, look: 1 | 2 = 1) =>
      planRun(
        listFolderEventSchema.parse({
          execution_id: `${MACHINE}:${name}`,
          started_at: '2026-11-25T06:00:00Z',
          request: { folder: 'daily', ...request },
          folders: JSON.stringify([folder]),
          look,
        }),
        ports,
        { partner: 'acme', bucket: 'landing', keyPrefix: 'acme', chunkSizeBytes },
        never,
      ),
    /** So that the next run's are the only ones. */
    forgetPlans: () => {
      for (const key of [...files.files.keys()]) if (key.endsWith('.jsonl')) files.files.delete(key);
    },
    batches: () => files.lines('batches.jsonl') as CopyBatchEvent['batch'][],
    large: () => files.lines('large.jsonl') as Pick<ClaimFileEvent, 'number' | 'file'>[],
    copyBatch: (name: string, { run_id }: FolderListing, batch: CopyBatchEvent['batch']) =>
      copyBatchOfRun(
        { execution_id: `${MACHINE}:${name}`, run_id, batch, progress: { left: null } },
        ports,
        worker,
        never,
      ),
    claim: (name: string, { run_id }: FolderListing, item: Pick<ClaimFileEvent, 'number' | 'file'>) =>
      claimFile({ execution_id: `${MACHINE}:${name}`, run_id, ...item }, ports, 'acme', never),
    commit: (event: CommitFileEvent) => commitFile(event, ports, 'acme', never),
    settle: (name: string, { run_id }: FolderListing) =>
      settleSourcesOfRun({ execution_id: `${MACHINE}:${name}`, run_id, after: null }, ports, worker, never),
    summarise: (name: string, listing: FolderListing) =>
      summariseRun(
        { execution_id: `${MACHINE}:${name}`, run: { request: { folder: 'daily' }, listing } },
        ports,
        'acme',
        never,
      ),
  };
}
