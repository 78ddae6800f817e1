import { InvalidTransferRequestError } from '../transfer/errors.ts';
import { SFTP_MAX_PATH_BYTES } from '../transfer/limits.ts';

/**
 * No lease is longer: Step Functions ends a transfer after seven days. One that reaches further was taken by a clock
 * that was ahead, and would block its path until the other clocks have come there.
 */
export const MAX_LEASE_MS = 7 * 86_400_000;

/** Two names that differ in bytes must differ in the ledger: text that is not well-formed becomes U+FFFD in any store. */
export function checkPath(path: string): void {
  if (path.length === 0) throw new InvalidTransferRequestError('path', path, 'it must name a file');
  if (!path.isWellFormed())
    throw new InvalidTransferRequestError('path', path, 'it must be well-formed Unicode');
  const bytes = Buffer.byteLength(path, 'utf8');
  if (bytes > SFTP_MAX_PATH_BYTES) {
    throw new InvalidTransferRequestError(
      'path',
      path,
      `it must be at most ${SFTP_MAX_PATH_BYTES} bytes, not ${bytes}`,
    );
  }
}

export function checkLease(leaseMs: number): void {
  if (leaseMs > 0 && leaseMs <= MAX_LEASE_MS) return;
  throw new InvalidTransferRequestError(
    'leaseMs',
    leaseMs,
    `it must be from 1 to ${MAX_LEASE_MS} milliseconds`,
  );
}
