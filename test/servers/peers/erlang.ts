import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from '../rig/peer.ts';
import { startServerProcess } from '../rig/server-process.ts';
import type { Site } from '../rig/site.ts';
import { missingFile, packageVersion } from '../rig/tools.ts';

const ERL = '/usr/bin/erl';

export const ERLANG: Peer = {
  name: 'Erlang ssh_sftpd',
  packages: ['erlang-ssh'],
  missing: missingFile(ERL),
  version: () => packageVersion('erlang-ssh'),
  start(site, port) {
    const [system, user] = keyFolders(site);
    const daemon = `
      {ok, _} = application:ensure_all_started(ssh),
      {ok, _} = ssh:daemon({127,0,0,1}, ${port}, [
        {system_dir, "${system}"}, {user_dir, "${user}"}, {auth_methods, "publickey"},
        {subsystems, [ssh_sftpd:subsystem_spec([{cwd, "/"}])]}]).`;
    return startServerProcess({
      program: ERL,
      args: ['-noshell', '-noinput', '-eval', daemon],
      // Without a UTF-8 locale Erlang takes file names for Latin-1.
      environment: { HOME: site.directory, LANG: 'C.UTF-8' },
      port,
    });
  },
};

/** Erlang reads both kinds of key from files of fixed names. */
function keyFolders(site: Site): [string, string] {
  const system = join(site.directory, 'erlang-system');
  const user = join(site.directory, 'erlang-user');
  mkdirSync(system);
  mkdirSync(user);
  copyFileSync(site.hostKeyFile, join(system, 'ssh_host_ed25519_key'));
  copyFileSync(site.authorizedKeysFile, join(user, 'authorized_keys'));
  return [system, user];
}
