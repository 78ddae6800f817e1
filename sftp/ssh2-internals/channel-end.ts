import type { SFTPWrapper } from 'ssh2';

/**
 * Whether the server has ended the channel, closed or not: ssh2 1.17 then sends requests on it all the same, and nobody
 * answers them. False where another version does not show it.
 */
export function hasChannelEnded(sftp: SFTPWrapper): boolean {
  return (sftp as { readable?: unknown }).readable === false;
}
