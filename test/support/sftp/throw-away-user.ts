import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { areOptionalSuitesRequired } from '../optional-suite.ts';

/** For describeUnless: accounts are made only where CI runs as root and asks for everything. */
export const throwAwayUserMissing: string | undefined =
  areOptionalSuitesRequired && process.getuid?.() === 0
    ? undefined
    : 'a login by password needs root and REQUIRE_OPTIONAL_SUITES=1';

export interface ThrowAwayUser {
  username: string;
  password: string;
  remove(): void;
}

/** A system account with a random password, to log in to sshd with. Needs root. */
export function createThrowAwayUser(): ThrowAwayUser {
  const username = `sftp-test-${randomBytes(4).toString('hex')}`;
  const password = randomBytes(12).toString('base64url');
  execFileSync('useradd', ['--no-create-home', '--home-dir', '/', '--shell', '/bin/sh', username]);
  execFileSync('chpasswd', { input: `${username}:${password}\n` });
  return {
    username,
    password,
    remove: () => execFileSync('userdel', [username], { stdio: 'ignore' }),
  };
}
