import { basename } from 'node:path';
import type { Peer } from '../rig/peer.ts';
import { startServerProcess } from '../rig/server-process.ts';
import { missingFile, packageVersion } from '../rig/tools.ts';

const RCLONE = '/usr/bin/rclone';

/** Serves the folder as its root. */
export const RCLONE_SERVE: Peer = {
  name: 'rclone serve sftp',
  packages: ['rclone'],
  note: 'a new file may be found five minutes late (`--dir-cache-time`)',
  missing: missingFile(RCLONE),
  version: () => packageVersion('rclone'),
  start: (site, port) =>
    startServerProcess({
      program: RCLONE,
      args: [
        ...['serve', 'sftp', site.folder, '--addr', `127.0.0.1:${port}`, '--read-only', '-vv'],
        ...['--key', site.hostKeyFile, '--authorized-keys', site.authorizedKeysFile],
        // By default a file that came after a look at its folder is not found for five minutes.
        ...['--dir-cache-time', '0s', '--config', '/dev/null'],
      ],
      environment: { HOME: site.directory },
      port,
    }),
  remotePath: (_site, file) => `/${basename(file)}`,
};
