import { join } from 'node:path';
import type { Peer } from '../rig/peer.ts';
import { startServerProcess } from '../rig/server-process.ts';
import { DEBIAN_PYTHON, missingPythonModule, packageVersion } from '../rig/tools.ts';

/** A server library of Python's, in the small script beside this file. */
function pythonPeer(
  module: string,
  script: string,
  peer: Pick<Peer, 'name' | 'packages' | 'lacks' | 'note'>,
): Peer {
  return {
    missing: missingPythonModule(module),
    version: () => packageVersion(peer.packages[0] ?? ''),
    start: ({ hostKeyFile, authorizedKeysFile }, port) =>
      startServerProcess({
        program: DEBIAN_PYTHON,
        args: ['-W', 'ignore', join(import.meta.dirname, script), `${port}`, hostKeyFile, authorizedKeysFile],
        port,
      }),
    ...peer,
  };
}

export const PARAMIKO = pythonPeer('paramiko', 'paramiko_server.py', {
  name: 'paramiko',
  packages: ['python3-paramiko'],
  note: 'does not say which RSA signatures it takes; SHA-512 works',
});

export const ASYNCSSH = pythonPeer('asyncssh', 'asyncssh_server.py', {
  name: 'AsyncSSH',
  packages: ['python3-asyncssh'],
});

export const CONCH = pythonPeer('twisted.conch', 'conch_server.py', {
  name: 'Twisted Conch',
  packages: ['python3-twisted'],
  lacks: {
    'rsa-login': {
      error: 'InvalidTransferRequestError',
      says: /takes no RSA signature that is allowed here \(it names: ssh-ed25519\)/,
      words: 'RSA keys, unless its own host key is RSA',
    },
    'non-ascii-names': {
      error: 'SftpRequestFailedError',
      says: /Größe 7.* with status 4 \(FAILURE\)/,
      isRetried: true,
      words: 'names that are not ASCII (it answers FAILURE, which is tried again)',
    },
  },
});
