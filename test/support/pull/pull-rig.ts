import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CreateBucketCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { folderSettingsSchema } from '../../../folder/settings.ts';
import { openSqliteLedger } from '../../../ledger/sqlite/sqlite-ledger.ts';
import { lineTelemetry } from '../../../local/line-telemetry.ts';
import type { FolderPull, PullResult } from '../../../local/pull/folder-pull.ts';
import { pullFolder } from '../../../local/pull/pull-folder.ts';
import { startS3Server } from '../../../local/s3-server/server.ts';
import type { SftpServerHooks } from '../../../local/sftp-server/hooks.ts';
import { type EmbeddedSftpServer, startSftpServer } from '../../../local/sftp-server/sftp-server.ts';
import { createS3Client } from '../../../s3/client.ts';
import type { SftpServer } from '../../../sftp/ports.ts';
import { never, PASSWORD, sourceOf, USERNAME } from '../sftp/partner.ts';

const BUCKET = 'landing';

/** A partner's folder, a bucket and a ledger, all of this machine; hooks may be changed between two pulls. */
export interface PullRig {
  /** Of the partner's folder `/in`, on this machine. */
  folder: string;
  root: string;
  s3: S3Client;
  hooks: SftpServerHooks;
  sftp: EmbeddedSftpServer;
  put(name: string, content?: string, mtime?: number): void;
  pull(settings?: object, overrides?: Partial<FolderPull>): Promise<PullResult>;
  keys(): Promise<string[]>;
  ledgerFile: string;
  endpoint: string;
  close(): Promise<void>;
}

export async function startPullRig(parent: string): Promise<PullRig> {
  const home = mkdtempSync(path.join(parent, 'pull-'));
  const root = path.join(home, 'sftp');
  const folder = path.join(root, 'in');
  mkdirSync(folder, { recursive: true });
  const hooks: SftpServerHooks = {};
  const sftp = await startSftpServer({
    rootDirectory: root,
    username: USERNAME,
    password: PASSWORD,
    allowNameChanges: true,
    hooks: liveHooks(hooks),
  });
  const store = await startS3Server({ directory: path.join(home, 's3') });
  const s3 = createS3Client({
    endpoint: store.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const ledgerFile = path.join(home, 'ledger.sqlite');
  return {
    folder,
    root,
    s3,
    hooks,
    sftp,
    ledgerFile,
    endpoint: store.endpoint,
    put(name, content = name, mtime = 1_700_000_000) {
      const target = path.join(folder, name);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, content);
      utimesSync(target, mtime, mtime);
    },
    pull: (settings = {}, overrides = {}) => pull(sourceOf(sftp), s3, ledgerFile, settings, overrides),
    async keys() {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
      return Contents.map(({ Key }) => Key ?? '').sort();
    },
    async close() {
      s3.destroy();
      await sftp.close();
      await store.close();
    },
  };
}

/** One run over `/in`; files need not be quiet unless the settings say so. */
async function pull(
  server: SftpServer,
  s3: S3Client,
  ledgerFile: string,
  settings: object,
  overrides: Partial<FolderPull>,
): Promise<PullResult> {
  const ledger = await openSqliteLedger({ file: ledgerFile, collection: 'test', nowMs: Date.now });
  try {
    return await pullFolder({
      settings: folderSettingsSchema.parse({ path: '/in', ready: { quietSeconds: 0 }, ...settings }),
      server,
      s3,
      bucket: BUCKET,
      keyPrefix: 'p/',
      ifExists: 'replace',
      ledger,
      snapshotFile: `${ledgerFile}.listing`,
      maxSessions: 3,
      chunkSizeBytes: 5 * 1024 ** 2,
      dryRun: false,
      telemetry: lineTelemetry(),
      observer: {},
      signal: never,
      ...overrides,
    });
  } finally {
    await ledger.close();
  }
}

/** A server asks at each call, so that a test may put a hook in at any time. */
function liveHooks(hooks: SftpServerHooks): SftpServerHooks {
  return {
    onEvent: (event) => hooks.onEvent?.(event),
    beforeOpen: (opened) => hooks.beforeOpen?.(opened),
    attributes: (shown, truth) => hooks.attributes?.(shown, truth) ?? truth,
    onSocket: (socket, connectionNumber) => hooks.onSocket?.(socket, connectionNumber),
    read: (request, read) => hooks.read?.(request, read) ?? read(request.lengthBytes),
    changeName: (change, perform) => hooks.changeName?.(change, perform) ?? perform(),
  };
}
