import { deployedFolderSchema } from '../../../folder/run/deployed-folder.ts';
import { listFolderEventSchema } from '../../../lambdas/list-folder/event.ts';
import { planRun } from '../../../lambdas/list-folder/list-folder.ts';
import { lookAtFolder } from '../../../lambdas/shared/look-at-folder.ts';
import type { LedgerEntry } from '../../../ledger/entry.ts';
import { MemoryRows } from '../../../ledger/memory-rows.ts';
import type { FileLedger } from '../../../ledger/ports.ts';
import { StoredLedger } from '../../../ledger/stored-ledger.ts';
import { Ssh2SftpServer } from '../../../sftp/sftp-server.ts';
import { RecordingTelemetry } from '../recording-telemetry.ts';

/**
 * ListFolder in a process of its own, so that its memory can be told from that of the tests. It needs `--expose-gc`, to
 * tell what is kept from what is not collected yet.
 */
interface Job {
  host: string;
  port: number;
  hostKeyFingerprint: string;
  username: string;
  privateKey: string;
  /** Folders to list, one after the other. */
  folders: { path: string /** Rows of the ledger. */; landed: { names: number; prefix: string } }[];
}

const { host, port, hostKeyFingerprint, username, privateKey, folders } = JSON.parse(
  process.argv[2] ?? '',
) as Job;
const server = new Ssh2SftpServer({
  host,
  port,
  hostKeyFingerprints: [hostKeyFingerprint],
  credentials: async () => ({ username, privateKey }),
});
const never = AbortSignal.any([]);
/** In kilobytes: https://nodejs.org/api/process.html#processresourceusage */
const peakBytes = (): number => process.resourceUsage().maxRSS * 1024;

function keptBytes(): number {
  if (gc === undefined) throw new Error('start it with --expose-gc');
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Of files that have landed, read from a table that is elsewhere. */
function ledgerOf({ names, prefix }: Job['folders'][number]['landed']): FileLedger {
  const ledger = new StoredLedger(new MemoryRows<LedgerEntry>(Date.now), Date.now);
  ledger.list = async function* () {
    for (let n = 0; n < names; n += 1) yield landedRow(`${prefix}${n}.csv`, n);
  };
  return ledger;
}

function landedRow(path: string, n: number): LedgerEntry {
  const object = {
    bucket: 'landing',
    key: `acme/${path}`,
    etag: `"${n}"`,
    versionId: `v${n}`,
    crc64Nvme: `c${n}`,
  };
  return {
    path,
    revision: '2',
    firstSeenMs: n,
    lastGeneration: 1,
    landed: {
      generation: 1,
      sizeBytes: 0,
      modifiedAtSeconds: 1,
      owner: `run-20261125T060000000Z-${n}/batch-1`,
      landedAtMs: n,
      object,
      after: { action: 'none', doneAtMs: n },
    },
  };
}

const listed = [];
for (const { path, landed } of folders) {
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
  let kept = 0;
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
      files: {
        find: async () => undefined,
        // S3 would hold what is written.
        write: async () => {
          kept = Math.max(kept, keptBytes());
          return true;
        },
        list: async function* () {},
      },
      ledgerOf: () => ledgerOf(landed),
    },
    { partner: 'acme', bucket: 'landing', keyPrefix: '', chunkSizeBytes: 50 * 1024 ** 2 },
    never,
  );
  listed.push({ listing, state, keptBytes: kept, peakBytes: peakBytes() });
}
process.stdout.write(JSON.stringify(listed));
