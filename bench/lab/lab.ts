import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { BenchPlan } from '../plan.ts';
import { bundleRunner } from './bundle-runner.ts';
import { labS3Client } from './lab-s3.ts';
import { type Line, startLine } from './line.ts';
import { startProcess } from './ready-process.ts';
import { roomyFolder } from './roomy-folder.ts';
import { type SftpUnderTest, startSftpUnderTest } from './sftp-under-test.ts';

/** All that is measured against, each in a process of its own. */
export interface Lab {
  folder: string;
  sftp: SftpUnderTest;
  /** File with the private key of `sftp`. */
  keyFile: string;
  lines: readonly Line[];
  /** The embedded S3 server. */
  s3: { endpoint: string; bucket: string };
  /** Takes parts, and does nothing with them but keep them in `folder`. */
  partSinkEndpoint: string;
  /** The measured code as one JavaScript file, as it runs in a Lambda. */
  runnerFile: string;
  stop(): Promise<void>;
}

const BUCKET = 'landing';

export async function startLab(plan: BenchPlan): Promise<Lab> {
  const folder = await mkdtemp(path.join(await roomyFolder(), 'sftp-to-s3-bench-'));
  const stops: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  try {
    const sftp = await startSftpUnderTest();
    stops.push(sftp.stop);
    const keyFile = path.join(folder, 'key');
    await writeFile(keyFile, sftp.privateKey, { mode: 0o600 });

    const lines: Line[] = [];
    for (const roundTripMs of plan.roundTripsMs) {
      const line = await startLine(sftp.port, roundTripMs, plan.probeBytes);
      stops.push(line.stop);
      lines.push(line);
    }

    const s3Server = await startProcess<{ endpoint: string }>(new URL('./s3-process.ts', import.meta.url), [
      path.join(folder, 's3'),
    ]);
    stops.push(s3Server.stop);
    const s3 = { endpoint: s3Server.ready.endpoint, bucket: BUCKET };
    const client = labS3Client(s3.endpoint);
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
    client.destroy();

    const partSink = await startProcess<{ endpoint: string }>(
      new URL('./part-sink-process.ts', import.meta.url),
      [folder],
    );
    stops.push(partSink.stop);

    const runnerFile = path.join(folder, 'runner.cjs');
    bundleRunner(runnerFile);
    return { folder, sftp, keyFile, lines, s3, partSinkEndpoint: partSink.ready.endpoint, runnerFile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
