import type { Readable } from 'node:stream';

/** What the steps need from the world. The cores see these interfaces only; `adapters/` implement them. */

/** A file on the partner's server as one stat call saw it. */
export interface FileStat {
  kind: 'file' | 'directory' | 'other';
  sizeBytes: number;
  /** Seconds since 1970-01-01 UTC. */
  modifiedAtSeconds: number;
}

/** One byte range of one file: `startByte` inclusive, `endByte` exclusive. */
export interface ByteRange {
  path: string;
  startByte: number;
  endByte: number;
}

/** What a read came to, for logs and metrics. */
export interface RangeReadStats {
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

/** Makes connections to one partner's SFTP server. */
export interface SftpSource {
  /** `sftp://host:port`, for messages and object metadata; holds no user name. */
  readonly url: string;
  /**
   * Connects and logs in, once.
   * @throws HostKeyMismatchError before any credential is sent
   * @throws SftpAuthenticationError | SftpConnectionError
   */
  connect(signal: AbortSignal): Promise<SftpSession>;
  /** The same server, logged in to with the version of the secret that a session's `secretVersionId` names. */
  withSecretVersion(id: string): SftpSource;
  /**
   * The same server, logged in to with the secret as it was before its last rotation; undefined where there was none,
   * or it held the same credentials.
   */
  withPreviousSecret(): Promise<SftpSource | undefined>;
}

/** One authenticated SSH connection. Its owner must call `end` whatever happens. */
export interface SftpSession {
  /** Names the version of the secret that logged in, and is none itself; absent where secrets have no versions. */
  readonly secretVersionId?: string;
  /** Connections that were lost before the handshake until this one was made. */
  readonly connectionsLost: number;
  /** Largest read that the server says it serves, in bytes (`limits@openssh.com`), else the protocol's floor. */
  maxReadBytes(): Promise<number>;
  /** @throws SourceNotFoundError | SourcePermissionError */
  realpath(path: string): Promise<string>;
  /** Follows symbolic links. @throws SourceNotFoundError | SourcePermissionError */
  stat(path: string): Promise<FileStat>;
  /**
   * Streams exactly the range's bytes, in order, with back pressure.
   * The stream fails with SourceChangedError at an early end of the file, SftpStalledError after the idle time,
   * SftpConnectionError when the connection is lost, or the signal's reason.
   * @param onSettled called once, when the stream has ended, failed or was destroyed
   */
  readRange(
    range: ByteRange & { maxReadBytes: number },
    signal: AbortSignal,
    onSettled?: (stats: RangeReadStats) => void,
  ): Readable;
  /** Closes the connection; never throws, safe to call twice. */
  end(): Promise<void>;
}

/** Names one multipart upload. */
export interface MultipartUpload {
  bucket: string;
  key: string;
  uploadId: string;
}

/** A part as ListParts shows it. */
export interface UploadedPart {
  partNumber: number;
  sizeBytes: number;
  etag: string;
  /** Base64; absent where the store shows none (then it proves nothing). */
  checksumCrc64Nvme?: string;
}

/** What S3 answers when it has made the parts one object. */
export interface CompletedObject {
  etag: string;
  checksumCrc64Nvme?: string;
  versionId?: string;
}

/** An object as HeadObject shows it. */
export interface ObjectHead extends CompletedObject {
  sizeBytes: number;
  metadata: Readonly<Record<string, string>>;
}

/**
 * The S3 calls that the steps make. Every method takes the caller's signal and may throw UploadFailedError
 * (5xx or a broken connection, after the SDK's own retries).
 */
export interface ObjectStore {
  /** Sends exactly `sizeBytes` bytes of `body` as one part. @throws UploadGoneError */
  uploadPart(
    upload: MultipartUpload,
    part: { partNumber: number; sizeBytes: number; body: Readable },
    signal: AbortSignal,
  ): Promise<void>;
  /** All parts, in order, over all pages. @throws UploadGoneError */
  listParts(upload: MultipartUpload, signal: AbortSignal): Promise<UploadedPart[]>;
  /** @throws UploadGoneError | IncompleteUploadError (S3 refused the parts) | TargetExistsError (`onlyIfAbsent`) */
  completeMultipartUpload(
    upload: MultipartUpload,
    request: {
      parts: readonly UploadedPart[];
      sizeBytes: number;
      /** Of the whole object, base64; omitted when the store shows no part checksums. */
      checksumCrc64Nvme?: string;
      onlyIfAbsent: boolean;
    },
    signal: AbortSignal,
  ): Promise<CompletedObject>;
  /** @throws UploadGoneError when there is nothing to abort */
  abortMultipartUpload(upload: MultipartUpload, signal: AbortSignal): Promise<void>;
  /** Undefined when there is no such object, or no such version of it. */
  headObject(
    target: { bucket: string; key: string; versionId?: string },
    signal: AbortSignal,
  ): Promise<ObjectHead | undefined>;
}

/** Finds, in the history of an execution, the multipart upload that it started. */
export interface ExecutionHistory {
  /** Undefined when the execution started none. */
  findUpload(executionArn: string, signal: AbortSignal): Promise<MultipartUpload | undefined>;
}

export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  nowMs(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** The metrics of the system, each with its unit. Dimensions: service, and partner. */
export const METRIC_UNITS = {
  /** Bytes of one chunk that S3 accepted. */
  BytesTransferred: 'Bytes',
  /** One chunk from the start of its connection to S3's answer. */
  ChunkSeconds: 'Seconds',
  /** TCP connect to SFTP ready. */
  ConnectMilliseconds: 'Milliseconds',
  /** Reconnects inside one chunk. */
  Retries: 'Count',
  /** Most SFTP channels that one read used at a time. */
  Channels: 'Count',
  /** SFTP channels that the server refused to one read. */
  RefusedChannels: 'Count',
} as const;
export type MetricName = keyof typeof METRIC_UNITS;

/** Logs, metrics and traces of one invocation. Never given a secret. */
export interface Telemetry {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  metric(name: MetricName, value: number): void;
  /** Opens a trace segment; call the returned function when it is over, with the error if it failed. */
  startSegment(name: string): (error?: unknown) => void;
}
