import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DeleteObjectCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { hashStream } from '../../local/sample-file.ts';
import { S3_MIN_PART_SIZE_BYTES } from '../../transfer/limits.ts';
import { isOnPath } from '../contenders/command.ts';
import { rcloneSftpFlags } from '../contenders/rclone.ts';
import type { Lab } from '../lab/lab.ts';
import { LAB_S3_CREDENTIALS, LAB_S3_REGION, labS3Client } from '../lab/lab-s3.ts';
import type { Line } from '../lab/line.ts';
import { type Sample, writeSample } from '../lab/sample.ts';
import type { BenchPlan } from '../plan.ts';

const MIB = 1024 ** 2;
/** So that the widest run has a chunk for everyone. */
const CHUNKS = 16;
const KEY = 'whole-file';
const COMMAND_LINE = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

export interface WholeFile {
  how: string;
  roundTripMs: number;
  sizeBytes: number;
  seconds: number;
  mibPerSecond: number;
}

/** A whole file from SFTP into S3: the command line's local mode at several widths, and rclone, each once. */
export async function measureWholeFile(
  lab: Lab,
  plan: BenchPlan,
  progress: (text: string) => void,
): Promise<WholeFile[]> {
  const { roundTripMs, bytes, widths } = plan.wholeFile;
  const line = lab.lines.find((candidate) => candidate.roundTripMs === roundTripMs);
  if (line === undefined) throw new RangeError(`no line of ${roundTripMs} ms`);
  const sample = await writeSample(lab.folder, bytes);
  const ways = widths.map((width) => ({
    how: `sftp-to-s3, ${width} ${width === 1 ? 'chunk' : 'chunks'} at a time`,
    run: () => transferLocally(lab, line, sample, width),
  }));
  if (isOnPath('rclone')) {
    ways.push({ how: 'rclone, SFTP to S3', run: () => transferByRclone(lab, line, sample) });
  }
  const measured: WholeFile[] = [];
  for (const { how, run } of ways) {
    const startedMs = performance.now();
    await run();
    const seconds = (performance.now() - startedMs) / 1_000;
    await verifyAndDelete(lab, how, sample);
    const mibPerSecond = sample.sizeBytes / MIB / seconds;
    measured.push({ how, roundTripMs, sizeBytes: sample.sizeBytes, seconds, mibPerSecond });
    progress(`whole file, ${roundTripMs} ms: ${how} ${mibPerSecond.toFixed(1)} MiB/s`);
  }
  return measured;
}

async function transferLocally(lab: Lab, line: Line, sample: Sample, width: number): Promise<void> {
  const chunkBytes = Math.max(S3_MIN_PART_SIZE_BYTES, sample.sizeBytes / CHUNKS);
  const source = `sftp://${lab.sftp.username}@127.0.0.1:${line.port}${sample.path}`;
  const flags = [
    `--host-key=${lab.sftp.hostKeyFingerprint}`,
    `--identity-file=${lab.keyFile}`,
    `--endpoint-url=${lab.s3.endpoint}`,
    `--region=${LAB_S3_REGION}`,
    `--chunk-size=${chunkBytes / MIB}MiB`,
    `--max-concurrency=${width}`,
  ];
  const target = `s3://${lab.s3.bucket}/${KEY}`;
  await promisify(execFile)(process.execPath, [COMMAND_LINE, 'transfer', source, target, ...flags], {
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: LAB_S3_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LAB_S3_CREDENTIALS.secretAccessKey,
    },
  });
}

async function transferByRclone(lab: Lab, line: Line, sample: Sample): Promise<void> {
  const flags = [
    ...rcloneSftpFlags(lab, line.port),
    '--s3-provider=Other',
    `--s3-endpoint=${lab.s3.endpoint}`,
    `--s3-region=${LAB_S3_REGION}`,
    `--s3-access-key-id=${LAB_S3_CREDENTIALS.accessKeyId}`,
    `--s3-secret-access-key=${LAB_S3_CREDENTIALS.secretAccessKey}`,
    '--s3-no-check-bucket',
  ];
  const target = `:s3:${lab.s3.bucket}/${KEY}`;
  // rclone 1.60 refuses to start where the AWS variable for certificates is set; the line here is plain HTTP.
  const { AWS_CA_BUNDLE: _, ...env } = process.env;
  await promisify(execFile)('rclone', ['copyto', ...flags, `:sftp:${sample.path}`, target], { env });
}

async function verifyAndDelete(lab: Lab, how: string, sample: Sample): Promise<void> {
  const client = labS3Client(lab.s3.endpoint);
  const target = { Bucket: lab.s3.bucket, Key: KEY };
  const { Body } = await client.send(new GetObjectCommand(target));
  const sha256 = await hashStream(Body as AsyncIterable<Uint8Array>);
  if (sha256 !== sample.sha256) throw new Error(`${how} landed other bytes than the source has`);
  await client.send(new DeleteObjectCommand(target));
  client.destroy();
}
