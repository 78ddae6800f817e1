import { createPrivateKey } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { listenAndSpawn } from '../rig/listen-and-spawn.ts';
import type { Peer } from '../rig/peer.ts';
import type { Site } from '../rig/site.ts';
import { missingFile, packageVersion } from '../rig/tools.ts';
import { homeOfItsOwn, nssWrapperMissing } from './home-of-its-own.ts';

const TINYSSHD = '/usr/sbin/tinysshd';
const SFTP_SERVER = '/usr/lib/openssh/sftp-server';

/** TinySSH serves one connection, on its stdin and stdout; inetd or the like listens for it. */
export const TINYSSH: Peer = {
  name: 'TinySSH',
  packages: ['tinysshd', 'openssh-sftp-server', 'libnss-wrapper'],
  missing: missingFile(TINYSSHD, SFTP_SERVER) ?? nssWrapperMissing,
  version: () => packageVersion('tinysshd'),
  start: (site, port) =>
    listenAndSpawn({
      program: TINYSSHD,
      args: ['-v', '-x', `sftp=${SFTP_SERVER}`, writeKeys(site)],
      environment: homeOfItsOwn(site),
      port,
    }),
  checkWarnings: ['channels'],
  note: 'one SFTP channel a connection (`check` warns)',
  lacks: {
    'rsa-login': { error: 'SftpAuthenticationError', says: /refused the login/, words: 'RSA keys' },
  },
};

/** TinySSH's own form of a host key: the raw public half, and the raw secret followed by the public half. */
function writeKeys(site: Site): string {
  const directory = join(site.directory, 'tinyssh');
  mkdirSync(directory);
  const [parsed] = [ssh2.utils.parseKey(readFileSync(site.hostKeyFile))].flat();
  if (parsed === undefined || parsed instanceof Error) throw new Error('the host key cannot be read');
  const { d = '', x = '' } = createPrivateKey(parsed.getPrivatePEM()).export({ format: 'jwk' });
  const [secret, open] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  writeFileSync(join(directory, 'ed25519.pk'), open);
  writeFileSync(join(directory, '.ed25519.sk'), Buffer.concat([secret, open]), { mode: 0o600 });
  return directory;
}
