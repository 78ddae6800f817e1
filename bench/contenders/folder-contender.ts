import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Lab } from '../lab/lab.ts';
import { LAB_S3_CREDENTIALS, LAB_S3_REGION } from '../lab/lab-s3.ts';
import type { Line } from '../lab/line.ts';
import { rcloneSftpFlags } from './peers/rclone.ts';
import { rcloneS3Flags } from './peers/rclone-to-s3.ts';
import { trusting } from './trusting.ts';

const COMMAND_LINE = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

export interface FolderJob {
  lab: Lab;
  line: Line;
  /** On the server. */
  folder: string;
  /** First part of all keys, without a slash; another one for every first run. */
  prefix: string;
}

/** One way of copying what is new in a folder into S3. */
export interface FolderContender {
  name: string;
  /** The program that it needs; absent for ours. */
  program?: string;
  connections: number;
  /** From the program's start to its end; a second time it finds everything landed. @returns seconds */
  run(job: FolderJob): Promise<number>;
}

/** `pull` with a ledger for each prefix, and no quiet time: nothing is being written. */
export function ourPull(sessions: number): FolderContender {
  return {
    name: `sftp-to-s3 pull, ${sessions} sessions`,
    connections: sessions,
    run({ lab, line, folder, prefix }) {
      const args = [
        COMMAND_LINE,
        'pull',
        `sftp://${lab.sftp.username}@${line.host}:${line.port}${folder}`,
        `s3://${lab.bucket}/${prefix}`,
        `--host-key=${lab.sftp.hostKeyFingerprint}`,
        `--identity-file=${lab.keyFile}`,
        `--endpoint-url=${lab.s3.tls.endpoint}`,
        `--region=${LAB_S3_REGION}`,
        `--max-concurrency=${sessions}`,
        `--ledger=${path.join(lab.folder, `${prefix}.ledger`)}`,
        '--quiet-seconds=0',
      ];
      return timed(lab, process.execPath, args, {
        ...trusting(lab),
        AWS_ACCESS_KEY_ID: LAB_S3_CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: LAB_S3_CREDENTIALS.secretAccessKey,
      });
    },
  };
}

/**
 * rclone decides by what is in the bucket; as many checkers as transfers, which have a connection each. The embedded S3
 * server lists nothing, so rclone asks about each key, at no distance.
 */
export function rcloneFolder(sessions: number): FolderContender {
  return {
    name: `rclone copy, ${sessions} transfers`,
    program: 'rclone',
    connections: sessions,
    run({ lab, line, folder, prefix }) {
      const flags = [
        ...rcloneSftpFlags(lab, line),
        ...rcloneS3Flags(lab, 'tls'),
        `--transfers=${sessions}`,
        `--checkers=${sessions}`,
        '--no-traverse',
      ];
      // rclone 1.60 refuses to start where the AWS variable for certificates is set.
      const { AWS_CA_BUNDLE: _, ...env } = process.env;
      return timed(lab, 'rclone', ['copy', ...flags, `:sftp:${folder}`, `:s3:${lab.bucket}/${prefix}`], env);
    },
  };
}

async function timed(
  lab: Lab,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const startedMs = performance.now();
  await promisify(execFile)(...lab.client.enter(program, args), { env });
  return (performance.now() - startedMs) / 1_000;
}
