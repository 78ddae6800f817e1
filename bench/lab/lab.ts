import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BenchPlan } from '../plan.ts';
import { bundleRunner } from './bundle-runner.ts';
import { type RelayLine, startLine } from './line.ts';
import { type Place, THIS_MACHINE } from './place.ts';
import { roomyFolder } from './roomy-folder.ts';
import { type S3Side, startS3Side } from './s3-side.ts';
import { type SftpUnderTest, startSftpUnderTest } from './sftp-under-test.ts';

/** All that is measured against, each in a process of its own. */
export interface Lab extends S3Side {
  folder: string;
  /** Where clients run, and reach S3. */
  client: Place;
  sftp: Pick<SftpUnderTest, 'kind' | 'username' | 'hostKeyFingerprint'>;
  /** File with the private key of `sftp`. */
  keyFile: string;
  /** The measured code as one JavaScript file, as it runs in a Lambda. */
  runnerFile: string;
  stop(): Promise<void>;
}

/** Everything on this machine as it is, with relaying lines to the server. */
export interface RelayLab extends Lab {
  lines: readonly RelayLine[];
}

export async function startRelayLab(plan: BenchPlan): Promise<RelayLab> {
  return buildLab(async (folder, stops) => {
    const sftp = await startSftpUnderTest();
    stops.push(sftp.stop);
    const lines: RelayLine[] = [];
    for (const roundTripMs of plan.roundTripsMs) {
      const line = await startLine(sftp.port, roundTripMs, plan.probeBytes);
      stops.push(line.stop);
      lines.push(line);
    }
    const parts = await commonParts(folder, sftp, stops);
    return { ...parts, client: THIS_MACHINE, lines };
  });
}

/** What every lab has besides its lines. */
export async function commonParts(
  folder: string,
  sftp: Pick<SftpUnderTest, 'kind' | 'username' | 'hostKeyFingerprint' | 'privateKey'>,
  stops: (() => Promise<void>)[],
  client: Place = THIS_MACHINE,
): Promise<Omit<Lab, 'stop' | 'client'>> {
  const keyFile = path.join(folder, 'key');
  await writeFile(keyFile, sftp.privateKey, { mode: 0o600 });
  const s3Side = await startS3Side(folder, stops, client);
  const runnerFile = path.join(folder, 'runner.cjs');
  bundleRunner(runnerFile);
  return { ...s3Side, folder, sftp, keyFile, runnerFile };
}

/** Gives `build` a folder, and what it has started an end: at once when it fails, else by `stop`. */
export async function buildLab<Built>(
  build: (folder: string, stops: (() => Promise<void>)[]) => Promise<Built>,
): Promise<Built & { stop(): Promise<void> }> {
  const folder = await mkdtemp(path.join(await roomyFolder(), 'sftp-to-s3-bench-'));
  const stops: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  try {
    return { ...(await build(folder, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
