import type { SFTPWrapper } from 'ssh2';
import { SFTP_MAX_READ_BYTES, SFTP_MIN_READ_BYTES } from '../../transfer/limits.ts';
import { onceLimitsAnswered } from './ready-at-version.ts';

/** A server that claims to serve less than this is asked for it all the same: a short answer is not an error. */
const MIN_READ_BYTES = 1_024;

/**
 * Fields of ssh2 1.17 that it does not document (lib/protocol/SFTP.js): it asks a server that announces
 * `limits@openssh.com` for its limits, and splits every longer read into shorter ones that it sends one after the
 * other.
 */
interface Ssh2ReadLimits {
  _maxReadLen?: number;
  _isOpenSSH?: boolean;
  _extensions?: Record<string, string>;
}

/**
 * Largest read that the server serves, in bytes: what it announced, else the protocol's floor. Its answer may be on its
 * way: see onceLimitsAnswered.
 */
export function readLimitBytes(sftp: SFTPWrapper): number {
  const { _maxReadLen, _isOpenSSH, _extensions } = sftp as Ssh2ReadLimits;
  const isKnown = _extensions?.['limits@openssh.com'] !== undefined || _isOpenSSH === true;
  if (!isKnown || _maxReadLen === undefined) return SFTP_MIN_READ_BYTES;
  return Math.min(SFTP_MAX_READ_BYTES, Math.max(MIN_READ_BYTES, _maxReadLen));
}

/** Lets one channel send reads of `bytes` unsplit: ssh2 would split those over 31,952 bytes for unknown servers. */
export function allowReadsOf(sftp: SFTPWrapper, bytes: number): void {
  const limits = sftp as Ssh2ReadLimits;
  const raise = (): void => {
    if (limits._maxReadLen !== undefined && limits._maxReadLen < bytes) limits._maxReadLen = bytes;
  };
  raise();
  onceLimitsAnswered(sftp, raise);
}
