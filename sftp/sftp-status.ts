import {
  SftpRequestFailedError,
  SftpRequestRefusedError,
  SourceNotAFileError,
  SourceNotFoundError,
  SourcePermissionError,
  type TransferError,
} from '../transfer/errors.ts';

/**
 * SFTP's status codes, each with what it means for a transfer. 0 to 8 are of version 3 (draft-ietf-secsh-filexfer-02,
 * section 7), which is what is spoken; 9 to 31 are of later versions (draft-ietf-secsh-filexfer-13, section 9.1), and
 * servers send them all the same.
 */
export const SFTP_OK = 0;
export const SFTP_END_OF_FILE = 1;
export const SFTP_NO_SUCH_FILE = 2;
export const SFTP_PERMISSION_DENIED = 3;
export const SFTP_FAILURE = 4;
export const SFTP_BAD_MESSAGE = 5;
export const SFTP_OP_UNSUPPORTED = 8;
export const SFTP_NO_SUCH_PATH = 10;
export const SFTP_INVALID_PARAMETER = 23;
export const SFTP_UNSUPPORTED = 8;

type ErrorClass = new (message: string, options?: ErrorOptions) => TransferError;

interface StatusMeaning {
  /** As the drafts name it. */
  name: string;
  /** NotFound, Permission and NotAFile are about the file; Refused stays as it is, Failed may pass. */
  error: ErrorClass;
}

const meaning = (name: string, error: ErrorClass): StatusMeaning => ({ name, error });

const MEANINGS: readonly StatusMeaning[] = [
  meaning('OK', SftpRequestRefusedError), // only seen here when it came without what was asked for
  meaning('EOF', SftpRequestRefusedError), // the end of a file is not a failure of a READ; elsewhere it is out of place
  meaning('NO_SUCH_FILE', SourceNotFoundError),
  meaning('PERMISSION_DENIED', SourcePermissionError),
  meaning('FAILURE', SftpRequestFailedError), // version 3 has no other word for a disk that is busy or broken
  meaning('BAD_MESSAGE', SftpRequestRefusedError),
  meaning('NO_CONNECTION', SftpRequestFailedError), // of the server, to what it serves from
  meaning('CONNECTION_LOST', SftpRequestFailedError),
  meaning('OP_UNSUPPORTED', SftpRequestRefusedError),
  meaning('INVALID_HANDLE', SftpRequestFailedError), // the server lost the open file; the next try opens it again
  meaning('NO_SUCH_PATH', SourceNotFoundError),
  meaning('FILE_ALREADY_EXISTS', SftpRequestRefusedError),
  meaning('WRITE_PROTECT', SftpRequestRefusedError),
  meaning('NO_MEDIA', SftpRequestRefusedError),
  meaning('NO_SPACE_ON_FILESYSTEM', SftpRequestRefusedError),
  meaning('QUOTA_EXCEEDED', SftpRequestRefusedError),
  meaning('UNKNOWN_PRINCIPAL', SftpRequestRefusedError),
  meaning('LOCK_CONFLICT', SftpRequestRefusedError),
  meaning('DIR_NOT_EMPTY', SftpRequestRefusedError),
  meaning('NOT_A_DIRECTORY', SourceNotFoundError),
  meaning('INVALID_FILENAME', SourceNotFoundError),
  meaning('LINK_LOOP', SourceNotFoundError),
  meaning('CANNOT_DELETE', SftpRequestRefusedError),
  meaning('INVALID_PARAMETER', SftpRequestRefusedError),
  meaning('FILE_IS_A_DIRECTORY', SourceNotAFileError),
  meaning('BYTE_RANGE_LOCK_CONFLICT', SftpRequestRefusedError),
  meaning('BYTE_RANGE_LOCK_REFUSED', SftpRequestRefusedError),
  meaning('DELETE_PENDING', SourceNotFoundError),
  meaning('FILE_CORRUPT', SftpRequestRefusedError),
  meaning('OWNER_INVALID', SftpRequestRefusedError),
  meaning('GROUP_INVALID', SftpRequestRefusedError),
  meaning('NO_MATCHING_BYTE_RANGE_LOCK', SftpRequestRefusedError),
];

/** What `status` means. One that no draft knows is not one that passes: it is final. */
export function meaningOf(status: number): StatusMeaning {
  return MEANINGS[status] ?? meaning('unknown status', SftpRequestRefusedError);
}
