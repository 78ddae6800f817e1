import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ReadRequest, SftpServerHooks } from '../../../local/sftp-server/hooks.ts';
import { startSftpServer } from '../../../local/sftp-server/sftp-server.ts';
import { type LandingStore, startLandingStore } from '../s3/landing-store.ts';
import { PASSWORD, USERNAME } from '../sftp/partner.ts';

const NODE = createRequire(import.meta.filename).resolve('node/bin/node');
const MAIN = path.join(import.meta.dirname, '../../../cli/main.ts');

export interface TransferRun {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** The last line of stdout; empty when there is none. */
  json: Record<string, unknown>;
  stderr: string;
}

/** A partner's server and a bucket that outlive the transfers between them, each a process of its own. */
export interface ResumeRig {
  store: LandingStore;
  hooks: Pick<SftpServerHooks, 'read'>;
  /** Bytes that the server has sent of the file, over all transfers. */
  readonly bytesServed: number;
  put(bytes: Buffer, mtime?: number): { sha256: string };
  /** Starts `transfer`; each of `more` is a further argument. */
  start(more?: readonly string[]): { child: ChildProcess; ended: Promise<TransferRun> };
  close(): Promise<void>;
}

const MTIME = 1_700_000_000;
export const KEY = 'in/file.bin';

/** @param endpoint of the store as the transfers see it; by default its own */
export async function startResumeRig(parent: string): Promise<ResumeRig & { endpoint: string }> {
  const home = mkdtempSync(path.join(parent, 'resume-'));
  const root = path.join(home, 'sftp');
  mkdirSync(root);
  const hooks: ResumeRig['hooks'] = {};
  let bytesServed = 0;
  const sftp = await startSftpServer({
    rootDirectory: root,
    username: USERNAME,
    password: PASSWORD,
    hooks: {
      async read(request: ReadRequest, read) {
        const bytes = await (hooks.read?.(request, read) ?? read(request.lengthBytes));
        bytesServed += bytes?.length ?? 0;
        return bytes;
      },
    },
  });
  const store = await startLandingStore(path.join(home, 's3'));
  const rig = {
    store,
    hooks,
    endpoint: store.endpoint,
    get bytesServed() {
      return bytesServed;
    },
    put(bytes: Buffer, mtime = MTIME) {
      const file = path.join(root, 'file.bin');
      writeFileSync(file, bytes);
      utimesSync(file, mtime, mtime);
      return { sha256: createHash('sha256').update(bytes).digest('hex') };
    },
    start(more: readonly string[] = []) {
      const args = [
        MAIN,
        'transfer',
        `sftp://${USERNAME}@${sftp.host}:${sftp.port}/file.bin`,
        `s3://landing/${KEY}`,
        ...['--endpoint-url', rig.endpoint],
        ...['--host-key', sftp.hostKeyFingerprint],
        ...['--password-env', 'SFTP_PASSWORD'],
        ...['--uploads', path.join(home, 'uploads.sqlite')],
        ...['--progress-interval', '0', '--json'],
        ...more,
      ];
      const child = spawn(NODE, args, {
        env: {
          PATH: process.env.PATH,
          HOME: home,
          AWS_EC2_METADATA_DISABLED: 'true',
          SFTP_PASSWORD: PASSWORD,
          ...store.environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return { child, ended: end(child) };
    },
    async close() {
      await sftp.close();
      await store.close();
    },
  };
  return rig;
}

async function end(child: ReturnType<typeof spawn>): Promise<TransferRun> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('close', (...ending) => resolve(ending)),
  );
  const last = stdout.trimEnd().split('\n').at(-1);
  const json = last?.startsWith('{') === true ? (JSON.parse(last) as Record<string, unknown>) : {};
  return { exitCode, signal, json, stderr };
}
