import {
  SftpConnectionError,
  SftpRequestRefusedError,
  SftpStalledError,
  SourceNotFoundError,
  TransferError,
} from '../transfer/errors.ts';
import { SFTP_MAX_NAME_BYTES, SFTP_MAX_PATH_BYTES } from '../transfer/limits.ts';
import { quoteServer } from '../transfer/text/harmless-text.ts';
import { meaningOf, SFTP_NO_SUCH_FILE, SFTP_OK, SFTP_PERMISSION_DENIED } from './sftp-status.ts';

/** What ssh2 1.17 says of a REALPATH that was answered without a name; it has no code. */
const ANSWERED_WITHOUT_NAME = 'Response missing path info';

/**
 * What a failed SFTP request on `path` means for the transfer. ssh2 puts the server's status into `code`; an error
 * without one says that the channel or the connection ended before an answer.
 */
export function toSourceError(path: string, cause: Error): TransferError {
  const status = statusCode(cause);
  if (status === undefined) {
    return new SftpConnectionError(
      `the connection ended while reading ${path}: ${quoteServer(cause.message)}`,
      { cause },
    );
  }
  const { name, error: ErrorOfStatus } = meaningOf(status);
  const options = { cause };
  if (status === SFTP_NO_SUCH_FILE) return new ErrorOfStatus(`the server has no file ${path}`, options);
  if (status === SFTP_PERMISSION_DENIED)
    return new ErrorOfStatus(`the server does not let this user read ${path}`, options);
  const said = `status ${status} (${name}): ${quoteServer(cause.message)}`;
  // SFTP version 3 has no status for it: OpenSSH says "Bad message", others "Failure".
  if (isTooLong(path))
    return new SourceNotFoundError(`the server takes no name as long as ${path}: ${said}`, options);
  if (status === SFTP_OK) return answeredWithout('what was asked for', path, options);
  return new ErrorOfStatus(`the server answers a request about ${path} with ${said}`, options);
}

/** The server's answer lacks something that the request was made for. */
export function answeredWithout(what: string, path: string, options?: ErrorOptions): SftpRequestRefusedError {
  return new SftpRequestRefusedError(
    `the server answers a request about ${path} with OK, but without ${what}`,
    options,
  );
}

function isTooLong(path: string): boolean {
  const names = path.split('/');
  return (
    Buffer.byteLength(path) >= SFTP_MAX_PATH_BYTES ||
    names.some((name) => Buffer.byteLength(name) > SFTP_MAX_NAME_BYTES)
  );
}

/** The server's SFTP status, or undefined when no answer came. */
export function statusCode(error: Error): number | undefined {
  const { code, message } = error as Error & { code?: unknown };
  if (typeof code === 'number') return code;
  return message === ANSWERED_WITHOUT_NAME ? SFTP_OK : undefined;
}

/** Whether the server answered, in whatever way: then asking otherwise may help, and connecting again does not. */
export function wasAnswered(error: unknown): error is TransferError {
  return (
    error instanceof TransferError &&
    !(error instanceof SftpConnectionError) &&
    !(error instanceof SftpStalledError)
  );
}
