import { DROPBEAR_PEER } from './peers/dropbear.ts';
import { ERLANG } from './peers/erlang.ts';
import { GREEN_END } from './peers/gesftpserver.ts';
import { MYSECURESHELL_PEER } from './peers/mysecureshell.ts';
import { OPENSSH } from './peers/openssh.ts';
import { PROFTPD_PEER } from './peers/proftpd.ts';
import { ASYNCSSH, CONCH, PARAMIKO } from './peers/python-peers.ts';
import { RCLONE_SERVE } from './peers/rclone.ts';
import { TINYSSH } from './peers/tinyssh.ts';
import type { Peer } from './rig/peer.ts';

/** Every SFTP server that Debian 12 offers and a test can start. docs/compatibility.md has one row for each. */
export const PEERS: readonly Peer[] = [
  OPENSSH,
  PROFTPD_PEER,
  DROPBEAR_PEER,
  TINYSSH,
  MYSECURESHELL_PEER,
  GREEN_END,
  PARAMIKO,
  ASYNCSSH,
  CONCH,
  ERLANG,
  RCLONE_SERVE,
];
