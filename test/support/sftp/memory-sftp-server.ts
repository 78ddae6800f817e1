import { Readable } from 'node:stream';
import type { FolderOperations } from '../../../sftp/folder/ports.ts';
import type { ByteRange, OpenSftpFile, SftpServer, SftpSession } from '../../../sftp/ports.ts';
import { SourceChangedError, SourceNotFoundError } from '../../../transfer/errors.ts';
import type { FileStat } from '../../../transfer/source-file.ts';

export interface MemoryFile {
  bytes: Buffer;
  modifiedAtSeconds: number;
  kind?: FileStat['kind'];
  /** What stat says of the size. @default the truth */
  reportedSizeBytes?: number;
}

/** Length of the pieces that a range is streamed in. */
const PIECE_BYTES = 1_000;

/** An SftpServer on files in memory. Faults are made by the hooks. */
export class MemorySftpServer implements SftpServer {
  readonly url = 'sftp://memory.test:22';
  readonly files = new Map<string, MemoryFile>();
  /** Called before every connect; may throw. */
  onConnect: (connectNumber: number) => void = () => {};
  /** Called before a piece is given out; may throw, or change the files. */
  onPiece: (position: number, readNumber: number) => void = () => {};
  /** How the server resolves a path. */
  resolve: (path: string) => string = (path) => path;
  /** Called before a file is opened to look whether it has a byte; may throw. */
  onLook: (path: string, position: number) => void = () => {};
  /** A session has ended when this has resolved. */
  onEnd: () => Promise<void> = async () => {};
  connects = 0;
  openSessions = 0;
  /** Id of the version of the secret that a connect uses; undefined where it has no versions. */
  secretVersionId: string | undefined;
  /** The version before it, if there is one. */
  previousSecretVersionId: string | undefined;
  /** The version that each connect used. */
  readonly usedSecretVersions: (string | undefined)[] = [];
  #reads = 0;

  add(path: string, bytes: Buffer, modifiedAtSeconds = 1_700_000_000): void {
    this.files.set(path, { bytes, modifiedAtSeconds });
  }

  connect(signal: AbortSignal): Promise<SftpSession> {
    return this.#connect(signal, this.secretVersionId);
  }

  withSecretVersion(id: string): SftpServer {
    const connect = (signal: AbortSignal) => this.#connect(signal, id);
    return {
      url: this.url,
      connect,
      withSecretVersion: (other) => this.withSecretVersion(other),
      withPreviousSecret: (signal) => this.withPreviousSecret(signal),
    };
  }

  async withPreviousSecret(signal: AbortSignal): Promise<SftpServer | undefined> {
    signal.throwIfAborted();
    const id = this.previousSecretVersionId;
    return id === undefined ? undefined : this.withSecretVersion(id);
  }

  async #connect(signal: AbortSignal, secretVersionId: string | undefined): Promise<SftpSession> {
    signal.throwIfAborted();
    this.usedSecretVersions.push(secretVersionId);
    this.connects += 1;
    this.onConnect(this.connects);
    this.openSessions += 1;
    let ended = false;
    const end = async () => {
      await this.onEnd();
      if (!ended) this.openSessions -= 1;
      ended = true;
    };
    return {
      ...(secretVersionId !== undefined && { secretVersionId }),
      connectionsLost: 0,
      folders: this.#folders(),
      maxReadBytes: async () => 32_768,
      realpath: async (path, requestSignal) => {
        requestSignal.throwIfAborted();
        return this.resolve(path);
      },
      stat: async (path, requestSignal) => {
        requestSignal.throwIfAborted();
        const {
          bytes,
          modifiedAtSeconds,
          kind = 'file',
          reportedSizeBytes = bytes.length,
        } = this.#find(path);
        return { kind, sizeBytes: reportedSizeBytes, modifiedAtSeconds };
      },
      hasByteAt: async (path, position, requestSignal) => {
        requestSignal.throwIfAborted();
        this.onLook(path, position);
        return position < this.#find(path).bytes.length;
      },
      open: async (path, _request, openSignal) => {
        openSignal.throwIfAborted();
        this.#find(path);
        return this.#open(path, openSignal);
      },
      get isOpen() {
        return !ended;
      },
      release: end,
      end,
    };
  }

  /** One flat folder per path prefix; `/` separates. */
  #folders(): FolderOperations {
    const attributes = ({ bytes, modifiedAtSeconds }: MemoryFile) => ({
      mode: 0o100644,
      sizeBytes: bytes.length,
      modifiedAtSeconds,
    });
    return {
      readFolder: async function* (this: void) {},
      lookAt: async (path) => {
        const file = this.files.get(path);
        return file && attributes(file);
      },
      readWhole: async (path, expectedBytes) => {
        this.#reads += 1;
        this.onPiece(0, this.#reads);
        const { bytes, modifiedAtSeconds } = this.#find(path);
        if (bytes.length !== expectedBytes) throw new SourceChangedError(`${path} changed`);
        return {
          bytes: Buffer.from(bytes),
          stat: { kind: 'file', sizeBytes: bytes.length, modifiedAtSeconds },
        };
      },
      rename: async (from, to) => {
        const file = this.files.get(from);
        if (file === undefined) return { done: false, status: 2, message: 'No such file' };
        if (this.files.has(to)) return { done: false, status: 4, message: 'Failure' };
        this.files.delete(from);
        this.files.set(to, file);
        return { done: true };
      },
      renameOver: async () => ({ done: false, status: 8, message: 'not supported' }),
      remove: async (path) =>
        this.files.delete(path) ? { done: true } : { done: false, status: 2, message: 'No such file' },
      makeEmptyFile: async () => {
        throw new Error('nothing here makes files');
      },
      makeFolder: async () => ({ done: true }),
    };
  }

  #open(path: string, signal: AbortSignal): OpenSftpFile {
    return {
      stat: async () => {
        const {
          bytes,
          modifiedAtSeconds,
          kind = 'file',
          reportedSizeBytes = bytes.length,
        } = this.#find(path);
        return { kind, sizeBytes: reportedSizeBytes, modifiedAtSeconds };
      },
      read: (range) => {
        this.#reads += 1;
        const pieces = this.#pieces({ path, ...range }, this.#reads, signal);
        return Readable.from(pieces, { objectMode: false, highWaterMark: 1 }).on('error', () => {});
      },
      close: async () => ({
        bytes: 0,
        durationMs: 0,
        roundTripMs: 0,
        channels: 1,
        refusedChannels: 0,
        windowWidened: true,
        windowBytes: PIECE_BYTES,
        pieceBytes: PIECE_BYTES,
        peakBytesInFlight: PIECE_BYTES,
        shortReads: 0,
      }),
    };
  }

  #find(path: string): MemoryFile {
    const file = this.files.get(path);
    if (file === undefined) throw new SourceNotFoundError(`no such file: ${path}`);
    return file;
  }

  async *#pieces(range: ByteRange, readNumber: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    for (let at = range.startByte; at < range.endByte; at += PIECE_BYTES) {
      signal.throwIfAborted();
      this.onPiece(at, readNumber);
      const end = Math.min(at + PIECE_BYTES, range.endByte);
      const piece = this.#find(range.path).bytes.subarray(at, end);
      if (piece.length < end - at)
        throw new SourceChangedError(`${range.path} ended before byte ${range.endByte}`);
      yield piece;
    }
  }
}
