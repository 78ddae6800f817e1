import { Readable } from 'node:stream';
import type { Stats } from 'ssh2';
import type { FileStat } from '../transfer/source-file.ts';
import type { SftpConnection } from './connect/attempt-connection.ts';
import { toFileStat } from './file-stat.ts';
import type { ByteRange, RangeReadStats, SftpSession } from './ports.ts';
import { createRangeReadStream } from './read/range-reader.ts';
import { closedConnection, sendRequest } from './send-request.ts';
import { DEFAULT_IDLE_TIMEOUT_MS, END_TIMEOUT_MS, type SftpServerSettings } from './settings.ts';
import { readLimitBytes } from './ssh2-internals/read-limit.ts';

/** One authenticated connection through ssh2. Paths go out as the exact UTF-8 bytes of the string. */
export class Ssh2SftpSession implements SftpSession {
  readonly secretVersionId?: string;
  readonly connectionsLost: number;
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
  }

  /** For those beside it that measure the connection. */
  get connection(): SftpConnection {
    return this.#connection;
  }

  async maxReadBytes(): Promise<number> {
    return readLimitBytes(this.#connection.sftp);
  }

  async realpath(path: string): Promise<string> {
    return this.#request(path, (done) => this.#connection.sftp.realpath(path, done));
  }

  async stat(path: string): Promise<FileStat> {
    const stats = await this.#request<Stats>(path, (done) => this.#connection.sftp.stat(path, done));
    return toFileStat(this.#url, path, stats);
  }

  readRange(
    range: ByteRange & { maxReadBytes: number },
    signal: AbortSignal,
    onSettled?: (stats: RangeReadStats) => void,
  ): Readable {
    const { client, sftp, socket } = this.#connection;
    if (socket.destroyed) return failedStream(closedConnection(this.#url));
    const { maxChannels, maxBytesInFlight } = this.#settings;
    return createRangeReadStream(
      { client, sftp },
      range,
      {
        maxReadBytes: range.maxReadBytes,
        idleTimeoutMs: this.#idleTimeoutMs,
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

  #request<T>(
    path: string,
    send: (done: (error: Error | undefined | null, answer: T) => void) => void,
  ): Promise<T> {
    return sendRequest(this.#connection, { url: this.#url, path, idleTimeoutMs: this.#idleTimeoutMs }, send);
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
