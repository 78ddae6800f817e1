import { mkdirSync, renameSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { hashFile, writeSampleFile } from '../../../local/sample-file.ts';
import { type EmbeddedSftpServer, startSftpServer } from '../../../local/sftp-server/sftp-server.ts';
import { findFreePort } from '../../support/network/free-port.ts';

const MIB = 1024 ** 2;
const OLD_SIZE_BYTES = 12 * MIB;
const YESTERDAY = new Date('2026-11-21T22:00:00Z');
const NEW_SIZE_BYTES = 13 * MIB;
export const STAGED_FILE = '/outbound/big.bin';

/** A partner whose server goes down, changes its key and replaces its file when it is told to. */
export class StagedPartner {
  readonly credentials = { Username: 'ours', Password: 'correct horse battery staple' };
  readonly port: number;
  readonly #folder: string;
  #server: EmbeddedSftpServer | undefined;
  #replaceOnRead = false;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
  }

  static async prepare(folder: string): Promise<StagedPartner> {
    mkdirSync(path.join(folder, 'outbound'), { recursive: true });
    await writeSampleFile(path.join(folder, STAGED_FILE), OLD_SIZE_BYTES);
    utimesSync(path.join(folder, STAGED_FILE), YESTERDAY, YESTERDAY);
    await writeSampleFile(path.join(folder, 'tomorrow.bin'), NEW_SIZE_BYTES);
    return new StagedPartner(folder, await findFreePort());
  }

  /** Starts the server, with a host key of its own each time unless one is given. Returns the key's fingerprint. */
  async start(hostKey?: string): Promise<string> {
    this.#server = await startSftpServer({
      rootDirectory: this.#folder,
      port: this.port,
      username: this.credentials.Username,
      password: this.credentials.Password,
      ...(hostKey !== undefined && { hostKey }),
      hooks: {
        read: ({ offsetBytes, lengthBytes }, read) => {
          if (this.#replaceOnRead && offsetBytes > MIB) this.#replaceFile();
          return read(lengthBytes);
        },
      },
    });
    return this.#server.hostKeyFingerprint;
  }

  /** From now on connections are refused. */
  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  /** The next transfer that reads the file finds another one in its place. */
  replaceFileWhileItIsRead(): void {
    this.#replaceOnRead = true;
  }

  /** Hexadecimal SHA-256 of the file as it stands. */
  fileHash(): Promise<string> {
    return hashFile(path.join(this.#folder, STAGED_FILE));
  }

  #replaceFile(): void {
    this.#replaceOnRead = false;
    renameSync(path.join(this.#folder, 'tomorrow.bin'), path.join(this.#folder, STAGED_FILE));
  }
}
