import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { fingerprintOf, generateKeyPair } from '../../../local/sftp-server/host-key.ts';

/** What every server is given: a folder to serve, its host key, and a user with two keys. */
export interface Site {
  /** For the server's own configuration; removed with the site. */
  directory: string;
  /** The folder to serve. */
  folder: string;
  /** The user that runs the tests, which most servers can serve without privileges. */
  username: string;
  /** ed25519, in OpenSSH's form. */
  hostKeyFile: string;
  hostKeyFingerprint: string;
  /** Public halves of both user keys, one a line. */
  authorizedKeysFile: string;
  /** ed25519, in OpenSSH's form. */
  userKeyFile: string;
  userKey: string;
  /** RSA, 3,072 bits, in OpenSSH's form. */
  rsaUserKey: string;
  rsaUserKeyFile: string;
  /**
   * A new folder below the user's home that is removed with the site. Where a server trusts no key below a folder that
   * others may write to, such as /tmp, its keys go here.
   */
  privateFolder(): string;
  remove(): void;
}

export function makeSite(): Site {
  const directory = mkdtempSync(join(tmpdir(), 'sftp-to-s3-server-'));
  const folder = join(directory, 'outbound');
  // Some servers read their files as a user of their own.
  mkdirSync(folder, { mode: 0o755 });
  const hostKey = generateKeyPair();
  const userKey = generateKeyPair();
  const rsaUserKey = ssh2.utils.generateKeyPairSync('rsa', { bits: 3072 });
  const put = (name: string, content: string, mode: number): string => {
    const file = join(directory, name);
    writeFileSync(file, content, { mode });
    return file;
  };
  const folders = [directory];
  return {
    directory,
    folder,
    username: userInfo().username,
    hostKeyFile: put('host-key', hostKey.private, 0o600),
    hostKeyFingerprint: fingerprintOf(hostKey.public),
    authorizedKeysFile: put('authorized_keys', `${userKey.public}\n${rsaUserKey.public}\n`, 0o600),
    userKeyFile: put('user-key', userKey.private, 0o600),
    userKey: userKey.private,
    rsaUserKey: rsaUserKey.private,
    rsaUserKeyFile: put('rsa-user-key', rsaUserKey.private, 0o600),
    privateFolder() {
      const made = mkdtempSync(join(homedir(), '.sftp-to-s3-server-'));
      folders.push(made);
      return made;
    },
    remove() {
      for (const made of folders) rmSync(made, { recursive: true, force: true });
    },
  };
}
