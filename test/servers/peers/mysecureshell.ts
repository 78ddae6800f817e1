import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from '../rig/peer.ts';
import type { Site } from '../rig/site.ts';
import { missingFile, packageVersion } from '../rig/tools.ts';
import { SSHD, startSshdWith } from './sshd.ts';

const MYSECURESHELL = '/usr/bin/mysecureshell';
/** MySecureShell reads its configuration from here and from nowhere else. */
const FIXED_CONFIGURATION = '/etc/ssh/sftp_config';

/** As many sessions as OpenSSH would give, and no limit of speed: the package's own file allows 5 KiB/s. */
const CONFIGURATION = `<Default>
  GlobalDownload 0
  GlobalUpload 0
  Download 0
  Upload 0
  StayAtHome false
  VirtualChroot false
  LimitConnection 100
  LimitConnectionByUser 100
  LimitConnectionByIP 100
  Home /
  IdleTimeOut 5m
  ResolveIP false
</Default>
`;

export const MYSECURESHELL_PEER: Peer = {
  name: 'MySecureShell',
  packages: ['openssh-server', 'mysecureshell'],
  missing: missingFile(SSHD, MYSECURESHELL) ?? missingMounts(),
  note: "the package's own settings allow one session a user and 5 KiB/s",
  version: () => packageVersion('mysecureshell'),
  start: (site, port) => startSshdWith(writeSubsystem(site), site, port),
};

/** Puts our configuration over the fixed one, seen by this subsystem only, and becomes MySecureShell. */
function writeSubsystem(site: Site): string {
  const configuration = join(site.directory, 'mysecureshell.conf');
  writeFileSync(configuration, CONFIGURATION);
  const subsystem = join(site.directory, 'mysecureshell-subsystem');
  const become = `mount --bind ${configuration} ${FIXED_CONFIGURATION} && exec ${MYSECURESHELL} -c sftp-server`;
  writeFileSync(subsystem, `#!/bin/sh\nexec unshare ${namespaceArgs().join(' ')} sh -c '${become}'\n`);
  chmodSync(subsystem, 0o755);
  return subsystem;
}

function namespaceArgs(): string[] {
  return process.getuid?.() === 0 ? ['--mount'] : ['--map-root-user', '--mount'];
}

function missingMounts(): string | undefined {
  const { status } = spawnSync('unshare', [...namespaceArgs(), 'mount', '--bind', '/tmp', '/tmp']);
  return status === 0 ? undefined : 'this user may not mount in a namespace of its own';
}
