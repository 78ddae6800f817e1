import { deployedFolderSchema } from '../../../folder/run/deployed-folder.ts';
import { listFolderEventSchema } from '../../../lambdas/list-folder/event.ts';
import { planRun } from '../../../lambdas/list-folder/list-folder.ts';
import { lookAtFolder } from '../../../lambdas/shared/look-at-folder.ts';
import type { LedgerEntry } from '../../../ledger/entry.ts';
import { MemoryRows } from '../../../ledger/memory-rows.ts';
import { StoredLedger } from '../../../ledger/stored-ledger.ts';
import { Ssh2SftpServer } from '../../../sftp/sftp-server.ts';
import { RecordingTelemetry } from '../recording-telemetry.ts';

/** ListFolder in a process of its own, so that its memory can be told from that of the tests. */
interface Job {
  host: string;
  port: number;
  hostKeyFingerprint: string;
  username: string;
  privateKey: string;
  /** Folders to list, one after the other. */
  paths: string[];
}

const { host, port, hostKeyFingerprint, username, privateKey, paths } = JSON.parse(
  process.argv[2] ?? '',
) as Job;
const ledger = new StoredLedger(new MemoryRows<LedgerEntry>(Date.now), Date.now);
const server = new Ssh2SftpServer({
  host,
  port,
  hostKeyFingerprints: [hostKeyFingerprint],
  credentials: async () => ({ username, privateKey }),
});
const never = AbortSignal.any([]);
/** In kilobytes: https://nodejs.org/api/process.html#processresourceusage */
const peakBytes = (): number => process.resourceUsage().maxRSS * 1024;
const listed = [];
for (const path of paths) {
  const folder = deployedFolderSchema.parse({
    name: 'one',
    path,
    maxBatchesAtOnce: 8,
    maxConcurrency: 2,
    ready: { quietSeconds: 0 },
  });
  const session = await server.connect(never);
  const { entries } = await lookAtFolder(session, folder, new Map(), Date.now, never);
  await session.end();
  const listing = { names: entries.length, peakBytes: peakBytes() };
  const state = await planRun(
    listFolderEventSchema.parse({
      execution_id: 'arn:aws:states:eu-west-1:111111111111:execution:test-acme-folders:one',
      started_at: new Date().toISOString(),
      request: { folder: 'one' },
      folders: JSON.stringify([folder]),
      look: 1,
    }),
    {
      server,
      telemetry: new RecordingTelemetry(),
      clock: { nowMs: Date.now, sleep: async () => {} },
      // S3 would hold what is written.
      files: { find: async () => undefined, write: async () => true, list: async function* () {} },
      ledgerOf: () => ledger,
    },
    { partner: 'acme', bucket: 'landing', keyPrefix: '', chunkSizeBytes: 50 * 1024 ** 2 },
    never,
  );
  listed.push({ listing, state, peakBytes: peakBytes() });
}
process.stdout.write(JSON.stringify(listed));
