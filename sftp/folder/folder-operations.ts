import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { SftpRequestRefusedError, SourceNotFoundError } from '../../transfer/errors.ts';
import type { FileStat } from '../../transfer/source-file.ts';
import type { AskServer } from '../ask-server.ts';
import type { SftpConnection } from '../connect/attempt-connection.ts';
import { sendRequest } from '../send-request.ts';
import {
  SFTP_END_OF_FILE,
  SFTP_NO_SUCH_FILE,
  SFTP_NO_SUCH_PATH,
  SFTP_OK,
  SFTP_UNSUPPORTED,
} from '../sftp-status.ts';
import { statusCode } from '../source-errors.ts';
import { takeRawNames } from '../ssh2-internals/raw-names.ts';
import { readLimitBytes } from '../ssh2-internals/read-limit.ts';
import { parseNames } from './parse-names.ts';
import type { EntryAttributes, FolderOperations, NameChange, RawEntry } from './ports.ts';
import { readWholeFile } from './read-whole-file.ts';

const ignore = (): void => {};

/** Statuses that say that there is no such name. */
const GONE: readonly (number | undefined)[] = [SFTP_NO_SUCH_FILE, SFTP_NO_SUCH_PATH];

/** FolderOperations over one connection of ssh2. */
export class Ssh2FolderOperations implements FolderOperations {
  readonly #connection: SftpConnection;
  readonly #url: string;
  readonly #idleTimeoutMs: number;

  constructor(connection: SftpConnection, { url, idleTimeoutMs }: { url: string; idleTimeoutMs: number }) {
    this.#connection = connection;
    this.#url = url;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  async *readFolder(path: string, signal: AbortSignal): AsyncGenerator<RawEntry[]> {
    const { sftp } = this.#connection;
    const handle = await this.#asking(
      path,
      signal,
    )<Buffer>((channel, done) =>
      channel.opendir(path, (error, opened) =>
        // ssh2 gives the content of any packet to whoever waits, a name's too.
        done(error, Buffer.isBuffer(opened) ? opened : undefined),
      ),
    );
    try {
      for (;;) {
        signal.throwIfAborted();
        const page = await this.#readPage(path, handle, signal);
        if (page === undefined) return;
        yield page;
      }
    } finally {
      sftp.close(handle, ignore);
    }
  }

  async lookAt(path: string, signal: AbortSignal): Promise<EntryAttributes | undefined> {
    try {
      return attributesOf(await this.#asking(path, signal)<Stats>((sftp, done) => sftp.lstat(path, done)));
    } catch (error) {
      // What else leads nowhere for a transfer, as a name that is too long, does not say that there is no such name.
      const isGone = error instanceof SourceNotFoundError && GONE.includes(statusCode(error.cause as Error));
      if (isGone) return undefined;
      throw error;
    }
  }

  readWhole(
    path: string,
    expectedBytes: number,
    signal: AbortSignal,
  ): Promise<{ bytes: Buffer; stat: FileStat }> {
    const file = { url: this.#url, path, expectedBytes, maxReadBytes: readLimitBytes(this.#connection.sftp) };
    return readWholeFile(this.#asking(path, signal), file);
  }

  rename(from: string, to: string, signal: AbortSignal): Promise<NameChange> {
    return this.#change(from, signal, (sftp, done) => sftp.rename(from, to, done));
  }

  renameOver(from: string, to: string, signal: AbortSignal): Promise<NameChange> {
    return this.#change(from, signal, (sftp, done) => sftp.ext_openssh_rename(from, to, done));
  }

  remove(path: string, signal: AbortSignal): Promise<NameChange> {
    return this.#change(path, signal, (sftp, done) => sftp.unlink(path, done));
  }

  makeFolder(path: string, signal: AbortSignal): Promise<NameChange> {
    return this.#change(path, signal, (sftp, done) => sftp.mkdir(path, done));
  }

  makeEmptyFile(path: string, signal: AbortSignal): Promise<NameChange> {
    return this.#change(path, signal, (sftp, done) =>
      sftp.open(path, 'wx', (error, handle) => {
        if (error) done(error);
        else if (Buffer.isBuffer(handle)) sftp.close(handle, done);
        else done(Object.assign(new Error('OK, without a handle'), { code: SFTP_OK }));
      }),
    );
  }

  /** Undefined at the folder's end. */
  async #readPage(path: string, handle: Buffer, signal: AbortSignal): Promise<RawEntry[] | undefined> {
    let page: RawEntry[] | undefined;
    let mistake: Error | undefined;
    try {
      await this.#asking(
        path,
        signal,
      )<true>((sftp, done) => {
        (sftp as unknown as FullReaddir).readdir(handle, { full: true }, (error, list) => {
          const isOver = error !== undefined && statusCode(error) === SFTP_END_OF_FILE;
          if (Array.isArray(list)) page = list.map(lossyEntry);
          done(isOver ? undefined : error, isOver || page !== undefined ? true : undefined);
        });
        takeRawNames(sftp, (packet) => {
          try {
            page = parseNames(packet);
          } catch (error) {
            mistake = error as Error;
          }
          done(undefined, true);
        });
      });
    } catch (error) {
      // What a listing that broke off did not show may be there all the same: it must not look like a missing folder.
      if (error instanceof SourceNotFoundError) {
        throw new SftpRequestRefusedError(`the listing of ${path} broke off: ${error.message}`, {
          cause: error,
        });
      }
      throw error;
    }
    if (mistake !== undefined)
      throw new SftpRequestRefusedError(`the names in ${path} end before what the server announced`, {
        cause: mistake,
      });
    return page;
  }

  async #change(
    path: string,
    signal: AbortSignal,
    send: (sftp: SFTPWrapper, done: (error?: Error | null) => void) => void,
  ): Promise<NameChange> {
    let refusal: NameChange | undefined;
    await this.#asking(
      path,
      signal,
    )<true>((sftp, done) => {
      try {
        send(sftp, (error) => {
          const status = error ? statusCode(error) : undefined;
          if (error && status !== undefined) refusal = { done: false, status, message: error.message };
          done(refusal === undefined ? error : undefined, true);
        });
      } catch (error) {
        // ssh2 sends no extended request that the server has not announced.
        refusal = { done: false, status: SFTP_UNSUPPORTED, message: (error as Error).message };
        done(undefined, true);
      }
    });
    return refusal ?? { done: true };
  }

  #asking(path: string, signal: AbortSignal): AskServer {
    const scene = { url: this.#url, path, idleTimeoutMs: this.#idleTimeoutMs, signal };
    return (send) => sendRequest(this.#connection, scene, (done) => send(this.#connection.sftp, done));
  }
}

/** ssh2's readdir on a handle: one answer, `.` and `..` included. */
interface FullReaddir {
  readdir(
    handle: Buffer,
    options: unknown,
    callback: (error: Error | undefined, list: FileEntryWithStats[] | undefined) => void,
  ): void;
}

function lossyEntry({ filename, attrs }: FileEntryWithStats): RawEntry {
  return { name: Buffer.from(filename), isLossy: true, attributes: attributesOf(attrs) };
}

function attributesOf({ mode, size, mtime }: Partial<Stats>): EntryAttributes {
  return {
    ...(mode !== undefined && { mode }),
    ...(size !== undefined && { sizeBytes: size }),
    ...(mtime !== undefined && { modifiedAtSeconds: mtime }),
  };
}
