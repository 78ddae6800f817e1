import {
  SftpConnectionError,
  SourceNotFoundError,
  SourcePermissionError,
  type TransferError,
} from '../transfer/errors.ts';
import { SFTP_MAX_NAME_BYTES, SFTP_MAX_PATH_BYTES } from '../transfer/limits.ts';

/** Status codes of SFTP version 3: draft-ietf-secsh-filexfer-02, section 7. */
const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;

/**
 * What a failed SFTP request on `path` means for the transfer. ssh2 puts the server's status into `code`; an error
 * without one says that the channel or the connection ended before an answer.
 */
export function toSourceError(path: string, cause: Error): TransferError {
  switch (statusCode(cause)) {
    case NO_SUCH_FILE:
      return new SourceNotFoundError(`the server has no file ${path}`, { cause });
    case PERMISSION_DENIED:
      return new SourcePermissionError(`the server does not let this user read ${path}`, { cause });
    case undefined:
      return new SftpConnectionError(`the connection ended while reading ${path}: ${cause.message}`, {
        cause,
      });
    default:
      // SFTP version 3 has no status for it: OpenSSH says "Bad message", others "Failure".
      if (isTooLong(path)) {
        return new SourceNotFoundError(`the server takes no name as long as ${path}: ${cause.message}`, {
          cause,
        });
      }
      return new SftpConnectionError(`the server failed to read ${path}: ${cause.message}`, { cause });
  }
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
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'number' ? code : undefined;
}
