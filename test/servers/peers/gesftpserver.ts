import type { Peer } from '../rig/peer.ts';
import { missingFile, packageVersion } from '../rig/tools.ts';
import { SSHD, startSshdWith } from './sshd.ts';

const GESFTPSERVER = '/usr/libexec/gesftpserver';

/** Green End's SFTP server is a subsystem: sshd does the rest. */
export const GREEN_END: Peer = {
  name: 'Green End gesftpserver',
  packages: ['openssh-server', 'gesftpserver'],
  missing: missingFile(SSHD, GESFTPSERVER),
  version: () => packageVersion('gesftpserver'),
  start: (site, port) => startSshdWith(GESFTPSERVER, site, port),
};
