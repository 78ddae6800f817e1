import {
  SftpConnectionError,
  SourceNotFoundError,
  SourcePermissionError,
  type TransferError,
} from '../../errors.ts';

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
      return new SftpConnectionError(`the server failed to read ${path}: ${cause.message}`, { cause });
  }
}

/** The server's SFTP status, or undefined when no answer came. */
export function statusCode(error: Error): number | undefined {
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'number' ? code : undefined;
}
