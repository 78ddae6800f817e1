/** Metric name for a failure that is none of our error classes. */
export const UNEXPECTED_ERROR_METRIC = 'UnexpectedError';

export type LogFields = Readonly<Record<string, unknown>>;

/** The metrics of the system, each with its unit. Dimensions: service, and partner. */
export const METRIC_UNITS = {
  /** Bytes of one chunk that S3 accepted. */
  BytesTransferred: 'Bytes',
  /** Chunks of a file that is about to be read. */
  ChunksPlanned: 'Count',
  /** One chunk from the start of its connection to S3's answer. */
  ChunkSeconds: 'Seconds',
  /** TCP connect to SFTP ready. */
  ConnectMilliseconds: 'Milliseconds',
  /** First logins of executions for which the server refused the present version of the secret and took the one before. */
  PreviousSecretUsed: 'Count',
  /** Reconnects inside one chunk. */
  Retries: 'Count',
  /** Most SFTP channels that one read used at a time. */
  Channels: 'Count',
  /** SFTP channels that the server refused to one read. */
  RefusedChannels: 'Count',
  /** Entries of one listing of a folder. */
  FilesListed: 'Count',
  /** One listing of a folder, login and decisions included. */
  ListingSeconds: 'Seconds',
  /** Files that are not ready for longer than their folder allows. */
  FilesOverdue: 'Count',
  /** Files of a folder that landed. */
  FilesLanded: 'Count',
  /** Files of a folder run that did not land and should have. */
  FilesFailed: 'Count',
  /** Source files that could not be moved or removed after their proof. */
  SourcesLeft: 'Count',
  /** Finished parts of transfers that failed, as they are kept for a resume. */
  SuspendedBytes: 'Bytes',
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
