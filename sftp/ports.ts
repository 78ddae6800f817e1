import type { Readable } from 'node:stream';
import type { FileStat } from '../transfer/source-file.ts';
import type { FolderOperations } from './folder/ports.ts';

/** One byte range of one file: `startByte` inclusive, `endByte` exclusive. */
export interface ByteRange {
  path: string;
  startByte: number;
  endByte: number;
}

/** What reading one open file came to, for logs and metrics. */
export interface ReadStats {
  /** Bytes handed on. */
  bytes: number;
  durationMs: number;
  /** Of the first request, an OPEN. */
  roundTripMs: number;
  /** Most channels that answered at a time. */
  channels: number;
  refusedChannels: number;
  /** Whether the channels got more than ssh2's own window. */
  windowWidened: boolean;
  /** Bytes kept in flight, as the reader settled on. */
  windowBytes: number;
  /** Size of a read, as the reader settled on. */
  pieceBytes: number;
  /** Most bytes asked for, out of order, or with the consumer, at a time. */
  peakBytesInFlight: number;
  shortReads: number;
}

/** How a file is to be read. Sizes in bytes. */
export interface OpenFileRequest {
  /** Largest read that the server serves, as `SftpSession.maxReadBytes` gave it. */
  maxReadBytes: number;
  /** About how much will be read over all ranges: whether a further channel repays its opening. @default what is asked for */
  expectedBytes?: number;
  /** Connections that read over the same line at a time, this one included: the first window is its share. @default 1 */
  lineSharedBy?: number;
}

/**
 * A file that is open on a session. Handle, channels and window live as long as it does, over many ranges.
 * Its owner must call `close`.
 */
export interface OpenSftpFile {
  /**
   * Of this very file (FSTAT), or of its path where the server has no FSTAT.
   * @throws SourceNotFoundError | SourcePermissionError | SftpConnectionError | SftpStalledError
   */
  stat(): Promise<FileStat>;
  /**
   * Streams exactly the range's bytes, in order, with back pressure. Ranges are read in the order of the calls, and
   * the reads of one go out before the last bytes of the one before have come: the line never runs empty in between.
   * So the streams must be taken in that order; one that is destroyed is passed over.
   *
   * Every stream fails with SourceChangedError at an early end of the file, SftpStalledError after the idle time,
   * SftpConnectionError when the connection is lost, or the reason of the signal that the file was opened with.
   */
  read(range: { startByte: number; endByte: number }): Readable;
  /** Closes handle and further channels; never throws, safe to call twice. */
  close(): Promise<ReadStats>;
}

/** Makes connections to one partner's SFTP server. */
export interface SftpServer {
  /** `sftp://host:port`, for messages and object metadata; holds no user name. */
  readonly url: string;
  /**
   * Connects and logs in, once.
   * @throws HostKeyMismatchError before any credential is sent
   * @throws SftpAuthenticationError | SftpConnectionError; SftpRequestRefusedError where the user has no SFTP
   */
  connect(signal: AbortSignal): Promise<SftpSession>;
  /** The same server, logged in to with the version of the secret that a session's `secretVersionId` names. */
  withSecretVersion(id: string): SftpServer;
  /**
   * The same server, logged in to with the secret as it was before its last rotation; undefined where there was none,
   * or it held the same credentials.
   */
  withPreviousSecret(signal: AbortSignal): Promise<SftpServer | undefined>;
}

/** One authenticated SSH connection. Its owner must call `end` whatever happens, or `release` when all went well. */
export interface SftpSession {
  /** Names the version of the secret that logged in, and is none itself; absent where secrets have no versions. */
  readonly secretVersionId?: string;
  /** Connections that were lost before the handshake until this one was made. */
  readonly connectionsLost: number;
  /** Another step has released this session, so nobody logged in for it anew. Absent from a new one. */
  readonly isHandedOn?: true;
  /** Whether the connection stands, as far as this end knows. */
  readonly isOpen: boolean;
  /** What it does with folders and with the names in them. */
  readonly folders: FolderOperations;
  /**
   * Largest read that the server says it serves, in bytes (`limits@openssh.com`), else the protocol's floor. The server
   * may still owe its answer: only who needs it waits for it.
   * @throws SftpStalledError | SftpConnectionError; the signal's reason
   */
  maxReadBytes(signal: AbortSignal): Promise<number>;
  /** The path as the server resolves it; as it was given where the server cannot, or its answer is of no use. */
  realpath(path: string, signal: AbortSignal): Promise<string>;
  /**
   * Follows symbolic links.
   * @throws SourceNotFoundError | SourcePermissionError | SftpRequestRefusedError | SftpRequestFailedError
   */
  stat(path: string, signal: AbortSignal): Promise<FileStat>;
  /**
   * Whether the file has a byte at `position`, found out by reading there.
   * @throws as `stat`, and what opening the file comes to
   */
  hasByteAt(path: string, position: number, signal: AbortSignal): Promise<boolean>;
  /**
   * Opens the file for reading.
   * @throws SourceNotFoundError | SourcePermissionError | SftpRequestRefusedError | SftpRequestFailedError |
   *   SftpConnectionError | SftpStalledError, or the signal's reason
   */
  open(path: string, request: OpenFileRequest, signal: AbortSignal): Promise<OpenSftpFile>;
  /**
   * Lets go of the session when work has gone well on it, and nothing is under way: whoever lends sessions may hand it
   * on, everybody else closes it as `end` does. Never throws; `end` may follow, and then does nothing.
   */
  release(): Promise<void>;
  /** Closes the connection; never throws, safe to call twice. */
  end(): Promise<void>;
}
