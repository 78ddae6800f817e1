import ssh2 from 'ssh2';
import { AccessDeniedError } from './rooted-filesystem.ts';

const { STATUS_CODE } = ssh2.utils.sftp;

/** The SFTP version 3 status that reports this failure to a client. */
export function statusOf(error: unknown): number {
  if (error instanceof AccessDeniedError) return STATUS_CODE.PERMISSION_DENIED;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ELOOP':
      return STATUS_CODE.NO_SUCH_FILE;
    case 'EACCES':
    case 'EPERM':
      return STATUS_CODE.PERMISSION_DENIED;
    default:
      return STATUS_CODE.FAILURE;
  }
}
