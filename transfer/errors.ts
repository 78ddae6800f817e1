import { harmlessCause, harmlessText } from './text/harmless-text.ts';

/**
 * Every way a transfer fails, classed by what the caller must do.
 *
 * The names are the contract with `statemachine/transfer.asl.json`: its Retry lists exactly the classes whose
 * `retryable` is true. They are string literals because a minifier renames classes.
 */
export abstract class TransferError extends Error {
  /** True if the same call may succeed later with nothing changed by a person. */
  abstract readonly retryable: boolean;

  /** Whatever a server put into the message or its cause is made harmless here: logs and terminals show both. */
  constructor(message: string, options?: ErrorOptions) {
    super(harmlessText(message), options && { ...options, cause: harmlessCause(options.cause) });
  }
}

/** The request or the configuration is wrong. `field`, `value` and `bound` say what, and what would be right. */
export class InvalidTransferRequestError extends TransferError {
  override readonly name = 'InvalidTransferRequestError';
  readonly retryable = false;
  readonly field: string;
  readonly value: unknown;
  readonly bound: string;

  constructor(field: string, value: unknown, bound: string, options?: ErrorOptions) {
    super(`${field} is ${abbreviate(value)}, but ${bound}`, options);
    this.field = field;
    this.value = value;
    this.bound = bound;
  }
}

/** The partner's server has no such file. */
export class SourceNotFoundError extends TransferError {
  override readonly name = 'SourceNotFoundError';
  readonly retryable = false;
}

/** The path leads to a directory, a device or a pipe: only regular files can be transferred. */
export class SourceNotAFileError extends TransferError {
  override readonly name = 'SourceNotAFileError';
  readonly retryable = false;
}

/** The login works, but the partner's server does not let it read this file. */
export class SourcePermissionError extends TransferError {
  override readonly name = 'SourcePermissionError';
  readonly retryable = false;
}

/**
 * The source's size or modification time differs from the plan, or reading showed that it ends before or after the
 * planned byte.
 */
export class SourceChangedError extends TransferError {
  override readonly name = 'SourceChangedError';
  readonly retryable = false;
}

/** The server's host key is not pinned. Nothing was sent: no user name, no credential. */
export class HostKeyMismatchError extends TransferError {
  override readonly name = 'HostKeyMismatchError';
  readonly retryable = false;
  /** Fingerprint that the server offered, as `SHA256:<base64>`. */
  readonly offered: string;
  /** Fingerprints that the configuration pins. */
  readonly pinned: readonly string[];

  constructor(server: string, offered: string, pinned: readonly string[], options?: ErrorOptions) {
    super(
      `${server} offers host key ${offered}, which is not pinned (pinned: ${pinned.join(', ') || 'none'}). ` +
        'No credential was sent. Confirm the new fingerprint with the partner out of band, then pin it.',
      options,
    );
    this.offered = offered;
    this.pinned = pinned;
  }
}

/** The server refused the login. Tried once: repeated failures get our address banned. */
export class SftpAuthenticationError extends TransferError {
  override readonly name = 'SftpAuthenticationError';
  readonly retryable = false;
}

/** The connection was refused, reset, closed before or after the handshake, or timed out. */
export class SftpConnectionError extends TransferError {
  override readonly name = 'SftpConnectionError';
  readonly retryable = true;
}

/** The connection is open, but no byte came for the idle time. */
export class SftpStalledError extends TransferError {
  override readonly name = 'SftpStalledError';
  readonly retryable = true;
}

/**
 * The server answered a request with a status that trying again does not change: it does not support the request, the
 * file is locked, or it said OK and left out what was asked for.
 */
export class SftpRequestRefusedError extends TransferError {
  override readonly name = 'SftpRequestRefusedError';
  readonly retryable = false;
}

/** The server answered that it failed and gave no reason that lasts: its storage, or something behind it, is unwell. */
export class SftpRequestFailedError extends TransferError {
  override readonly name = 'SftpRequestFailedError';
  readonly retryable = true;
}

/** The partner cannot be reached, or says nothing: the work waits for it. */
export function isPartnerLost(error: unknown): error is SftpConnectionError | SftpStalledError {
  return error instanceof SftpConnectionError || error instanceof SftpStalledError;
}

/** Whether a new connection to the server may help: the line or the server failed, not the file and not S3. */
export function isSftpTrouble(
  error: unknown,
): error is SftpConnectionError | SftpStalledError | SftpRequestFailedError {
  return isPartnerLost(error) || error instanceof SftpRequestFailedError;
}

/** Not even one chunk could be copied in a function's time; it was given up early so that the reason is known. */
export class ChunkDeadlineError extends TransferError {
  override readonly name = 'ChunkDeadlineError';
  readonly retryable = true;
}

/** The line is so slow that the workers which an execution's history has room for cannot read the file. */
export class TransferTooSlowError extends TransferError {
  override readonly name = 'TransferTooSlowError';
  readonly retryable = false;
}

/** S3 does not have this multipart upload: it was aborted, completed or expired. */
export class UploadGoneError extends TransferError {
  override readonly name = 'UploadGoneError';
  readonly retryable = false;
}

/** S3 answered 5xx, or the upload broke off, after the SDK's own retries. */
export class UploadFailedError extends TransferError {
  override readonly name = 'UploadFailedError';
  readonly retryable = true;
}

/** Parts are missing or have the wrong size or checksum, so the upload must not be completed. */
export class IncompleteUploadError extends TransferError {
  override readonly name = 'IncompleteUploadError';
  readonly retryable = false;
}

/** `if_exists` is `fail` and the target object exists. */
export class TargetExistsError extends TransferError {
  override readonly name = 'TargetExistsError';
  readonly retryable = false;
}

/** Another execution goes on with the same kept upload: one of two wins. */
export class ResumeInProgressError extends TransferError {
  override readonly name = 'ResumeInProgressError';
  readonly retryable = false;
}

/** Some files of a folder run did not land; those that did stay. The message names the first ten. */
export class FolderPartlyFailedError extends TransferError {
  override readonly name = 'FolderPartlyFailedError';
  readonly retryable = false;
}

/** The table of the ledger and of the sessions in use does not answer. */
export class LedgerUnavailableError extends TransferError {
  override readonly name = 'LedgerUnavailableError';
  readonly retryable = true;
}

const MAX_SHOWN_VALUE_CHARACTERS = 200;

function abbreviate(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  if (text.length <= MAX_SHOWN_VALUE_CHARACTERS) return text;
  return `${text.slice(0, MAX_SHOWN_VALUE_CHARACTERS)}… (${text.length} characters)`;
}
