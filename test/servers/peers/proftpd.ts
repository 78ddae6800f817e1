import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Peer } from '../rig/peer.ts';
import { startServerProcess } from '../rig/server-process.ts';
import type { Site } from '../rig/site.ts';
import { missingFile, packageVersion } from '../rig/tools.ts';

const PROFTPD = '/usr/sbin/proftpd';
const MODULES = '/usr/lib/proftpd';

export const PROFTPD_PEER: Peer = {
  name: 'ProFTPD mod_sftp',
  packages: ['proftpd-core', 'proftpd-mod-crypto'],
  missing: missingFile(PROFTPD, `${MODULES}/mod_sftp.so`),
  version: () => packageVersion('proftpd-core'),
  start(site, port) {
    const configuration = join(site.directory, 'proftpd.conf');
    writeFileSync(configuration, configurationOf(site, port));
    return startServerProcess({
      program: PROFTPD,
      args: ['--nodaemon', '--quiet', '--config', configuration],
      port,
    });
  },
};

/** A virtual user with the ids of the one that runs the tests: the system's accounts stay as they are. */
function configurationOf(site: Site, port: number): string {
  const { username, uid, gid } = userInfo();
  const groupName = execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim();
  const file = (name: string, content = ''): string => {
    const path = join(site.directory, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  // mod_sftp takes public keys in the form of RFC 4716 only.
  const exported = [site.userKeyFile, site.rsaUserKeyFile].map((key) =>
    execFileSync('ssh-keygen', ['-e', '-m', 'RFC4716', '-f', key], { encoding: 'utf8' }),
  );
  return `
LoadModule mod_sftp.c
ModulePath ${MODULES}
DefaultAddress 127.0.0.1
Port ${port}
User ${username}
Group ${groupName}
UseIPv6 off
UseReverseDNS off
MaxInstances 60
RequireValidShell off
RootLogin on
UseFtpUsers off
AuthOrder mod_auth_file.c
AuthUserFile ${file('proftpd.passwd', `${site.username}:!:${uid}:${gid}::/:/bin/false\n`)}
AuthGroupFile ${file('proftpd.group', `users:x:${gid}:\n`)}
PidFile ${join(site.directory, 'proftpd.pid')}
ScoreboardFile ${join(site.directory, 'proftpd.scoreboard')}
DelayEngine off
WtmpLog off
TransferLog none
SystemLog ${join(site.directory, 'proftpd.log')}
SFTPEngine on
SFTPLog ${join(site.directory, 'proftpd-sftp.log')}
SFTPHostKey ${site.hostKeyFile}
SFTPAuthMethods publickey
SFTPAuthorizedUserKeys file:${file('proftpd.keys', exported.join(''))}
`;
}
