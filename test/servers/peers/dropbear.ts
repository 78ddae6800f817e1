import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Peer } from '../rig/peer.ts';
import { startServerProcess } from '../rig/server-process.ts';
import { missingFile, packageVersion } from '../rig/tools.ts';
import { homeOfItsOwn, nssWrapperMissing } from './home-of-its-own.ts';

const DROPBEAR = '/usr/sbin/dropbear';
const CONVERT = '/usr/lib/dropbear/dropbearconvert';
/** Dropbear has no SFTP of its own; this path is compiled in, and OpenSSH's server lies there. */
const SFTP_SERVER = '/usr/lib/sftp-server';

export const DROPBEAR_PEER: Peer = {
  name: 'Dropbear',
  packages: ['dropbear-bin', 'openssh-sftp-server', 'libnss-wrapper'],
  missing: missingFile(DROPBEAR, CONVERT, SFTP_SERVER) ?? nssWrapperMissing,
  note: "its SFTP is OpenSSH's; of RSA signatures SHA-256 only",
  version: () => packageVersion('dropbear-bin'),
  start(site, port) {
    const hostKey = join(site.directory, 'dropbear-host-key');
    execFileSync(CONVERT, ['openssh', 'dropbear', site.hostKeyFile, hostKey], { stdio: 'ignore' });
    return startServerProcess({
      program: DROPBEAR,
      args: [
        '-F',
        '-E',
        '-s',
        '-r',
        hostKey,
        '-p',
        `127.0.0.1:${port}`,
        '-P',
        join(site.directory, 'dropbear.pid'),
      ],
      environment: homeOfItsOwn(site),
      port,
    });
  },
};
