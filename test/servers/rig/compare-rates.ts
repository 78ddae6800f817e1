import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SSH_OPTIONS } from '../../../bench/contenders/peers/openssh-sftp.ts';
import { hashFile } from '../../../local/sample-file.ts';
import { runCommand } from '../../support/command-line.ts';
import { BUCKET, type LandingStore } from '../../support/s3/landing-store.ts';
import type { Peer } from './peer.ts';
import { sha256Of } from './sha256-of.ts';
import type { Site } from './site.ts';

/** Both with the start of their process, over loopback: good for a comparison, not as a promise. */
export interface Rates {
  /** From the server into an object of a store on this machine, by eight connections. */
  oursMibPerSecond: number;
  /** From the server into a file, by OpenSSH's sftp. */
  sftpMibPerSecond: number;
}

const FILE_SIZE_MIB = 128;

/** Moves one file by both, and compares both results with the file. @throws Error when one of them differs */
export async function compareRates(
  peer: Peer,
  site: Site,
  port: number,
  store: LandingStore,
): Promise<Rates> {
  const bytes = randomBytes(FILE_SIZE_MIB * 1_048_576);
  const file = join(site.folder, 'rate.bin');
  writeFileSync(file, bytes, { mode: 0o644 });
  const path = peer.remotePath?.(site, file) ?? file;
  const sha256 = sha256Of(bytes);

  const key = `${peer.name}/rate.bin`;
  const oursMibPerSecond = await timed(async () => {
    const url = `sftp://${site.username}@127.0.0.1:${port}${encodeURI(path)}`;
    const login = ['--identity-file', site.userKeyFile, '--host-key', site.hostKeyFingerprint];
    const args = [
      'transfer',
      url,
      `s3://${BUCKET}/${key}`,
      '--endpoint-url',
      store.endpoint,
      ...login,
      '--json',
    ];
    const { exitCode, stdout } = await runCommand(args, store.environment);
    if (exitCode !== 0) throw new Error(`${peer.name}: the transfer failed: ${stdout}`);
  });
  if ((await store.hashOf(key)) !== sha256) throw new Error(`${peer.name}: the object differs from the file`);

  const target = join(site.directory, 'by-sftp.bin');
  const sftpMibPerSecond = await timed(async () => {
    const source = `${site.username}@127.0.0.1:${path}`;
    const args = ['-q', ...SSH_OPTIONS, '-i', site.userKeyFile, '-P', String(port), source, target];
    await promisify(execFile)('sftp', args);
  });
  if ((await hashFile(target)) !== sha256) throw new Error(`${peer.name}: the file of sftp differs`);
  return { oursMibPerSecond, sftpMibPerSecond };
}

async function timed(move: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await move();
  return FILE_SIZE_MIB / ((performance.now() - startedMs) / 1_000);
}
