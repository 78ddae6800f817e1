import type { Stats } from 'ssh2';
import type { FileStat } from '../transfer/source-file.ts';
import type { AskServer } from './ask-server.ts';
import type { SftpConnection } from './connect/attempt-connection.ts';
import { toFileStat } from './file-stat.ts';
import { Ssh2FolderOperations } from './folder/folder-operations.ts';
import type { FolderOperations } from './folder/ports.ts';
import { hasByteAt } from './has-byte.ts';
import type { OpenFileRequest, OpenSftpFile, SftpSession } from './ports.ts';
import { OpenFile } from './read/open-file.ts';
import { resolvePath } from './resolve-path.ts';
import { closedConnection, sendRequest } from './send-request.ts';
import { DEFAULT_IDLE_TIMEOUT_MS, END_TIMEOUT_MS, type SftpServerSettings } from './settings.ts';
import { wasAnswered } from './source-errors.ts';
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

  async open(path: string, request: OpenFileRequest, signal: AbortSignal): Promise<OpenSftpFile> {
    signal.throwIfAborted();
    const { client, monitor, sftp, socket } = this.#connection;
    if (socket.destroyed) throw closedConnection(this.#url);
    const { learned, maxBytesInFlight, maxChannels } = this.#settings;
    const file = OpenFile.begin(
      { client, sftp },
      path,
      {
        ...request,
        idleTimeoutMs: this.#idleTimeoutMs,
        silentMs: () => monitor.silentMs(),
        ...(learned !== undefined && { learned }),
        ...(maxChannels !== undefined && { maxChannels }),
        ...(maxBytesInFlight !== undefined && { maxBytesInFlight }),
      },
      signal,
    );
    await file.opened;
    return {
      stat: () => this.#statOpen(path, file, signal),
      read: (range) => file.read(range),
      close: () => file.close(),
    };
  }

  get isOpen(): boolean {
    return !this.#connection.socket.destroyed;
  }

  release(): Promise<void> {
    return this.end();
  }

  end(): Promise<void> {
    this.#ended ??= endConnection(this.#connection);
    return this.#ended;
  }

  /** Where the server answers FSTAT in another way than STAT, it is STAT's answer that the plan was made from. */
  async #statOpen(path: string, file: OpenFile, signal: AbortSignal): Promise<FileStat> {
    const scene = { url: this.#url, path, idleTimeoutMs: this.#idleTimeoutMs, signal };
    try {
      const stats = await sendRequest<Stats>(this.#connection, scene, (done) => file.fstat(done));
      if (stats.mtime !== undefined) return toFileStat(this.#url, path, stats);
    } catch (error) {
      if (!wasAnswered(error)) throw error;
    }
    return this.stat(path, signal);
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
