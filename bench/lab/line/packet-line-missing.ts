import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { isOnPath } from '../../contenders/command.ts';

const NEEDED_PROGRAMS = ['gcc', 'nsenter', 'unshare'];

/** Why this machine cannot have a packet-level line, such as "gcc is not installed"; undefined when it can. */
export const packetLineMissing: string | undefined = findMissing();

function findMissing(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are Linux only';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const program = NEEDED_PROGRAMS.find((name) => !isOnPath(name));
  if (program !== undefined) return `${program} is not installed`;
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
  } catch {
    return '/dev/net/tun is not there';
  }
  const { status } = spawnSync('unshare', ['--net', 'true'], { stdio: 'ignore' });
  return status === 0 ? undefined : 'this machine refuses new network namespaces';
}
