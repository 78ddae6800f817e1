import { Readable } from 'node:stream';
import type { FileStat } from '../transfer/source-file.ts';
import type { AskServer } from './ask-server.ts';
import type { SftpConnection } from './connect/attempt-connection.ts';
import { Ssh2FolderOperations } from './folder/folder-operations.ts';
import type { FolderOperations } from './folder/ports.ts';
import { hasByteAt } from './has-byte.ts';
import type { ByteRange, RangeReadStats, SftpSession } from './ports.ts';
import { createRangeReadStream } from './read/range-reader.ts';
import { resolvePath } from './resolve-path.ts';
import { closedConnection, sendRequest } from './send-request.ts';
import { DEFAULT_IDLE_TIMEOUT_MS, END_TIMEOUT_MS, type SftpServerSettings } from './settings.ts';
import { readLimitBytes } from './ssh2-internals/read-limit.ts';
import { onceLimitsAnswered } from './ssh2-internals/ready-at-version.ts';
import { statFile } from './stat-file.ts';

/** One authenticated connection through ssh2. Paths go out as the exact UTF-8 bytes of the string. */
export class Ssh2SftpSession implements SftpSession {
  readonly secretVersionId?: string;
  readonly connectionsLost: number;
  readonly folders: FolderOperations;
  readonly #connection: SftpConnection;
  readonly #url: string;
  readonly #settings: SftpServerSettings;
  readonly #idleTimeoutMs: number;
  #ended: Promise<void> | undefined;

  constructor(
    connection: SftpConnection,
    url: string,
    settings: SftpServerSettings,
    secretVersionId: string | undefined,
    connectionsLost: number,
  ) {
    this.connectionsLost = connectionsLost;
    if (secretVersionId !== undefined) this.secretVersionId = secretVersionId;
    this.#connection = connection;
    this.#url = url;
    this.#settings = settings;
    this.#idleTimeoutMs = settings.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS;
    this.folders = new Ssh2FolderOperations(connection, { url, idleTimeoutMs: this.#idleTimeoutMs });
  }

  /** For those beside it that measure the connection. */
  get connection(): SftpConnection {
    return this.#connection;
  }

  async maxReadBytes(signal: AbortSignal): Promise<number> {
    return this.#asking(
      'its limits',
      signal,
    )<number>((sftp, done) => {
      const answered = (): void => done(null, readLimitBytes(sftp));
      if (!onceLimitsAnswered(sftp, answered)) answered();
    });
  }

  realpath(path: string, signal: AbortSignal): Promise<string> {
    return resolvePath(this.#asking(path, signal), path);
  }

  stat(path: string, signal: AbortSignal): Promise<FileStat> {
    return statFile(this.#asking(path, signal), this.#url, path);
  }

  hasByteAt(path: string, position: number, signal: AbortSignal): Promise<boolean> {
    return hasByteAt(this.#asking(path, signal), path, position);
  }

  readRange(
    range: ByteRange & { maxReadBytes: number },
    signal: AbortSignal,
    onSettled?: (stats: RangeReadStats) => void,
  ): Readable {
    const { client, monitor, sftp, socket } = this.#connection;
    if (socket.destroyed) return failedStream(closedConnection(this.#url));
    const { maxChannels, maxBytesInFlight } = this.#settings;
    return createRangeReadStream(
      { client, sftp },
      range,
      {
        maxReadBytes: range.maxReadBytes,
        idleTimeoutMs: this.#idleTimeoutMs,
        ...(this.#settings.learned !== undefined && { learned: this.#settings.learned }),
        silentMs: () => monitor.silentMs(),
        ...(maxChannels !== undefined && { maxChannels }),
        ...(maxBytesInFlight !== undefined && { maxBytesInFlight }),
        ...(onSettled !== undefined && { onSettled }),
      },
      signal,
    );
  }

  end(): Promise<void> {
    this.#ended ??= endConnection(this.#connection);
    return this.#ended;
  }

  #asking(path: string, signal: AbortSignal): AskServer {
    const scene = { url: this.#url, path, idleTimeoutMs: this.#idleTimeoutMs, signal };
    const { sftp } = this.#connection;
    return (send) => sendRequest(this.#connection, scene, (done) => send(sftp, done));
  }
}

/** Says goodbye, and cuts the connection when the server does not answer that in time. */
async function endConnection({ wrapper, client, socket }: SftpConnection): Promise<void> {
  if (socket.closed) return;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const cut = setTimeout(() => socket.destroy(), END_TIMEOUT_MS);
  wrapper.end().catch(() => {});
  client.end(); // the wrapper does nothing when its channel is gone
  await closed;
  clearTimeout(cut);
}

function failedStream(error: Error): Readable {
  return new Readable({
    read() {
      this.destroy(error);
    },
  });
}
