import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Site } from '../rig/site.ts';

/** Debian's libnss-wrapper, on the architectures that it is built for. */
const LIBRARY = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .map((architecture) => `/usr/lib/${architecture}/libnss_wrapper.so`)
  .find((file) => existsSync(file));

export const nssWrapperMissing: string | undefined =
  LIBRARY === undefined ? 'libnss-wrapper is not installed' : undefined;

/**
 * Environment in which the user that runs the tests has another home folder, with the authorized keys:
 * Dropbear and TinySSH look for them nowhere else, and the real home folder is not ours to change.
 */
export function homeOfItsOwn(site: Site): Record<string, string> {
  if (LIBRARY === undefined) throw new Error(nssWrapperMissing);
  const { username, uid, gid } = userInfo();
  const home = site.privateFolder();
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  copyFileSync(site.authorizedKeysFile, join(home, '.ssh/authorized_keys'));
  const passwd = join(site.directory, 'passwd');
  const group = join(site.directory, 'group');
  writeFileSync(passwd, `${username}:x:${uid}:${gid}::${home}:/bin/sh\n`);
  writeFileSync(group, `${username}:x:${gid}:\n`);
  return { LD_PRELOAD: LIBRARY, NSS_WRAPPER_PASSWD: passwd, NSS_WRAPPER_GROUP: group };
}
