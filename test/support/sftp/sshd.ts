import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Place, THIS_MACHINE } from '../../../bench/lab/place.ts';
import { fingerprintOf, generateKeyPair } from '../../../local/sftp-server/host-key.ts';
import { findFreePort } from '../network/free-port.ts';

/** The system's sshd, or undefined. sshd wants to be started by its absolute path. */
export const sshdPath: string | undefined = findSshd();

/** For describeUnless. */
export const sshdMissing: string | undefined = sshdPath === undefined ? 'sshd is not installed' : undefined;

/** Whether the system's sshd is this version or a later one. */
export function isSshdAtLeast(major: number, minor: number): boolean {
  if (sshdPath === undefined) return false;
  const { stderr } = spawnSync(sshdPath, ['-V'], { encoding: 'utf8' });
  const [, found = '0', foundMinor = '0'] = /OpenSSH_(\d+)\.(\d+)/.exec(stderr) ?? [];
  return Number(found) > major || (Number(found) === major && Number(foundMinor) >= minor);
}

export interface Sshd {
  host: string;
  port: number;
  hostKeyFingerprint: string;
  /** The user that runs the tests. */
  username: string;
  /** Lets any user in. */
  privateKey: string;
  /**
   * What sshd has logged (LogLevel VERBOSE), once it is silent: its processes pass their lines on to one that writes
   * them, so that a client may have its answer before the line is there.
   */
  logged(): Promise<string>;
  stop(): Promise<void>;
}

/** sshd must listen within this. */
const START_TIMEOUT_MS = 10_000;
const MAX_STARTS = 3;

/**
 * Starts OpenSSH's sshd on a free port, with keys and configuration of its own; its whole file system is served to the
 * user that runs the tests, who logs in by key.
 * @param extraConfig lines that win over the ones here, such as `MaxStartups 3`
 * @param place where it runs and listens
 */
export async function startSshd(
  extraConfig: readonly string[] = [],
  place: Place = THIS_MACHINE,
): Promise<Sshd> {
  if (sshdPath === undefined) throw new Error('sshd is not installed');
  const directory = mkdtempSync(path.join(tmpdir(), 'sftp-to-s3-sshd-'));
  const hostKey = generateKeyPair().private;
  const userKey = generateKeyPair();
  writeFileSync(path.join(directory, 'host-key'), hostKey, { mode: 0o600 });
  // sshd reads this one as the user who logs in.
  chmodSync(directory, 0o711);
  writeFileSync(path.join(directory, 'authorized-keys'), `${userKey.public}\n`, { mode: 0o644 });
  // As root sshd locks its unprivileged half into this folder, which the system's service would make.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });

  for (let start = 1; ; start += 1) {
    const port = await findFreePort();
    const configPath = path.join(directory, 'sshd_config');
    writeFileSync(configPath, sshdConfig(directory, place.address, port, extraConfig));
    const [program, args] = place.enter(sshdPath, ['-D', '-e', '-f', configPath]);
    const running = await listenOrExit(spawn(program, args));
    if ('logged' in running) {
      return {
        host: place.address,
        port,
        hostKeyFingerprint: fingerprintOf(hostKey),
        username: userInfo().username,
        privateKey: userKey.private,
        logged: running.logged,
        async stop() {
          await running.stop();
          rmSync(directory, { recursive: true, force: true });
        },
      };
    }
    if (start === MAX_STARTS) throw new Error(`sshd does not start: ${running.failure}`);
  }
}

function sshdConfig(
  directory: string,
  address: string,
  port: number,
  extraConfig: readonly string[],
): string {
  // sshd takes the first value that it finds for a setting.
  return [
    ...extraConfig,
    `Port ${port}`,
    `ListenAddress ${address}`,
    `HostKey ${path.join(directory, 'host-key')}`,
    `AuthorizedKeysFile ${path.join(directory, 'authorized-keys')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'Subsystem sftp internal-sftp',
    'LogLevel VERBOSE',
    '',
  ].join('\n');
}

/** Between two lines about one event. */
const SILENCE_MS = 300;

type Started = { logged(): Promise<string>; stop(): Promise<void> } | { failure: string };

function listenOrExit(sshd: ChildProcess): Promise<Started> {
  let log = '';
  const exited = new Promise<void>((resolve) => sshd.once('exit', () => resolve()));
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      sshd.kill();
      resolve({ failure: `it does not listen within ${START_TIMEOUT_MS} ms: ${log}` });
    }, START_TIMEOUT_MS);
    sshd.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (!log.includes('Server listening')) return;
      clearTimeout(timer);
      resolve({
        async logged() {
          for (let seen = ''; seen !== log; ) {
            seen = log;
            await sleep(SILENCE_MS);
          }
          return log;
        },
        async stop() {
          sshd.kill();
          await exited;
        },
      });
    });
    void exited.then(() => {
      clearTimeout(timer);
      resolve({ failure: log });
    });
  });
}

function findSshd(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders
    .map((folder) => path.join(folder, 'sshd'))
    .find((candidate) => {
      try {
        accessSync(candidate, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
