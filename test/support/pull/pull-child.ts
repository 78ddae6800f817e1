import { folderSettingsSchema } from '../../../folder/settings.ts';
import { openSqliteLedger } from '../../../ledger/sqlite/sqlite-ledger.ts';
import { lineTelemetry } from '../../../local/line-telemetry.ts';
import { pullFolder } from '../../../local/pull/pull-folder.ts';
import { createS3Client } from '../../../s3/client.ts';
import { Ssh2SftpServer } from '../../../sftp/sftp-server.ts';

/** One pull in a process of its own, so that a test may kill it. */
interface Job {
  port: number;
  hostKeyFingerprint: string;
  username: string;
  password: string;
  endpoint: string;
  ledgerFile: string;
  settings: object;
  leaseMs: number;
}

const job = JSON.parse(process.argv[2] ?? '') as Job;
const { username, password } = job;
const ledger = await openSqliteLedger({ file: job.ledgerFile, collection: 'test', nowMs: Date.now });
const s3 = createS3Client({
  endpoint: job.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
await pullFolder({
  settings: folderSettingsSchema.parse({ path: '/in', ready: { quietSeconds: 0 }, ...job.settings }),
  server: new Ssh2SftpServer({
    host: '127.0.0.1',
    port: job.port,
    hostKeyFingerprints: [job.hostKeyFingerprint],
    credentials: async () => ({ username, password }),
  }),
  s3,
  bucket: 'landing',
  keyPrefix: 'p/',
  ifExists: 'replace',
  ledger,
  snapshotFile: `${job.ledgerFile}.listing`,
  maxSessions: 2,
  chunkSizeBytes: 5 * 1024 ** 2,
  dryRun: false,
  telemetry: lineTelemetry(),
  observer: {},
  signal: new AbortController().signal,
  leaseMs: job.leaseMs,
});
await ledger.close();
s3.destroy();
