import { appendFileSync, mkdirSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashFile, writeSampleFile } from '../../../local/sample-file.ts';
import type { ReadRequest } from '../../../local/sftp-server/hooks.ts';
import { type EmbeddedSftpServer, startSftpServer } from '../../../local/sftp-server/sftp-server.ts';

const MIB = 1024 ** 2;
/** Three chunks of 5 MiB, and one byte more. */
export const FILE_SIZE_BYTES = 15 * MIB + 1;
export const CHUNK_SIZE_BYTES = 5 * MIB;
/** Of every read of the slow file: a chunk of it then takes several seconds. */
const SLOW_READ_MS = 500;

/** A partner on this machine, whose server has one good file and two bad ones. */
export interface LoopbackPartner {
  server: EmbeddedSftpServer;
  /** Its root on this machine. */
  folder: string;
  /** What the stack's secret must hold. */
  credentials: { Username: string; Password: string };
  /** Hexadecimal SHA-256 of `/big.bin`. */
  bigFileHash: string;
  /** From now on reads of slow files are not answered at all, until what it returns is called. */
  holdSlowReads(): () => void;
  close(): Promise<void>;
}

/**
 * Serves `/big.bin`; `/shrinking.bin`, which loses its end when it is first read; and `/slow.bin`, whose reads are
 * answered late. Files of the last two names are like them in every folder; `locked.csv` cannot be
 * opened, and `rewritten.csv` is written anew when it is read.
 */
export async function startLoopbackPartner(folder: string): Promise<LoopbackPartner> {
  mkdirSync(folder);
  for (const name of ['big.bin', 'shrinking.bin', 'slow.bin']) {
    await writeSampleFile(path.join(folder, name), FILE_SIZE_BYTES);
  }
  let held: Promise<void> = Promise.resolve();
  const credentials = { Username: 'transfer', Password: 'correct horse battery staple' };
  const server = await startSftpServer({
    rootDirectory: folder,
    username: credentials.Username,
    password: credentials.Password,
    allowNameChanges: true,
    hooks: {
      beforeOpen(file) {
        if (path.basename(file) === 'locked.csv')
          throw Object.assign(new Error('locked'), { code: 'EACCES' });
      },
      async read(request, read) {
        await misbehave(request);
        if (path.basename(request.path) === 'slow.bin') await held;
        return read(request.lengthBytes);
      },
    },
  });
  return {
    server,
    folder,
    credentials,
    bigFileHash: await hashFile(path.join(folder, 'big.bin')),
    holdSlowReads() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    close: () => server.close(),
  };
}

async function misbehave({ path: file, systemPath }: ReadRequest): Promise<void> {
  const name = path.basename(file);
  if (name === 'shrinking.bin') truncateSync(systemPath, MIB);
  if (name === 'slow.bin') await sleep(SLOW_READ_MS);
  if (name === 'rewritten.csv') appendFileSync(systemPath, 'more');
}
