import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ServerProcess, startServerProcess } from '../rig/server-process.ts';
import type { Site } from '../rig/site.ts';

export const SSHD = '/usr/sbin/sshd';

/** OpenSSH's sshd with the given program as its SFTP subsystem: three peers are only that. */
export function startSshdWith(subsystem: string, site: Site, port: number): Promise<ServerProcess> {
  // As root sshd locks its unprivileged half into this folder, which the system's service would make.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const configuration = join(site.directory, 'sshd_config');
  writeFileSync(
    configuration,
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${site.hostKeyFile}`,
      `AuthorizedKeysFile ${site.authorizedKeysFile}`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      'UseDNS no',
      'PermitRootLogin yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      `Subsystem sftp ${subsystem}`,
      // bash, as a login shell, would run the start files of the real home folder before the subsystem.
      `SetEnv HOME=${site.directory}`,
      'LogLevel VERBOSE',
      '',
    ].join('\n'),
  );
  return startServerProcess({ program: SSHD, args: ['-D', '-e', '-f', configuration], port });
}
