import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeSampleFile } from '../../local/sample-file.ts';
import { generateKeyPair } from '../../local/sftp-server/host-key.ts';
import { type EmbeddedSftpServer, startSftpServer } from '../../local/sftp-server/sftp-server.ts';
import { MIB } from '../../transfer/text/units.ts';
import { findFreePort } from '../support/network/free-port.ts';

export const FILE = '/outbound/big.bin';
const FILE_SIZE_BYTES = 96 * MIB;

/** A partner that is slow enough to be watched, and whose server can be down. */
export class SlowPartner {
  readonly credentials = { Username: 'ours', Password: 'correct horse battery staple' };
  readonly port: number;
  readonly #hostKey = generateKeyPair().private;
  readonly #folder: string;
  readonly #readMs: number;
  #server: EmbeddedSftpServer | undefined;

  private constructor(folder: string, port: number, readMs: number) {
    this.#folder = folder;
    this.port = port;
    this.#readMs = readMs;
  }

  /** @param readMs how long an answer to a read takes */
  static async prepare(
    folder: string,
    readMs: number,
    fileSizeBytes = FILE_SIZE_BYTES,
  ): Promise<SlowPartner> {
    mkdirSync(path.join(folder, 'outbound'), { recursive: true });
    await writeSampleFile(path.join(folder, FILE), fileSizeBytes);
    return new SlowPartner(folder, await findFreePort(), readMs);
  }

  /** @returns the fingerprint of its host key, the same each time */
  async start(): Promise<string> {
    this.#server = await startSftpServer({
      rootDirectory: this.#folder,
      port: this.port,
      username: this.credentials.Username,
      password: this.credentials.Password,
      hostKey: this.#hostKey,
      hooks: {
        read: async ({ lengthBytes }, read) => {
          await sleep(this.#readMs);
          return read(lengthBytes);
        },
      },
    });
    return this.#server.hostKeyFingerprint;
  }

  /** From now on connections are refused, and those that are open break. */
  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }
}
