import type { Peer } from '../rig/peer.ts';
import { missingFile, packageVersion } from '../rig/tools.ts';
import { SSHD, startSshdWith } from './sshd.ts';

export const OPENSSH: Peer = {
  name: 'OpenSSH',
  packages: ['openssh-server'],
  missing: missingFile(SSHD),
  version: () => packageVersion('openssh-server'),
  start: (site, port) => startSshdWith('internal-sftp', site, port),
};
