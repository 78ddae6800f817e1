import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LAB_S3_CREDENTIALS, LAB_S3_REGION } from '../../lab/lab-s3.ts';
import type { Contender } from '../contender.ts';
import { takeObject } from '../landed-object.ts';
import { rcloneSftpFlags } from './rclone.ts';

/** rclone from SFTP into S3, without TLS. */
export const RCLONE_TO_S3: Contender = {
  name: 'rclone, SFTP to S3',
  connections: 1,
  async run({ lab, line, sample }) {
    const { endpoint, directory } = lab.s3.plain;
    const flags = [
      ...rcloneSftpFlags(lab, line),
      '--s3-provider=Other',
      `--s3-endpoint=${endpoint}`,
      `--s3-region=${LAB_S3_REGION}`,
      `--s3-access-key-id=${LAB_S3_CREDENTIALS.accessKeyId}`,
      `--s3-secret-access-key=${LAB_S3_CREDENTIALS.secretAccessKey}`,
      '--s3-no-check-bucket',
    ];
    const key = 'by-rclone';
    const target = `:s3:${lab.bucket}/${key}`;
    // rclone 1.60 refuses to start where the AWS variable for certificates is set; the line here is plain HTTP.
    const { AWS_CA_BUNDLE: _, ...env } = process.env;
    const [program, args] = lab.client.enter('rclone', ['copyto', ...flags, `:sftp:${sample.path}`, target]);
    const startedMs = performance.now();
    await promisify(execFile)(program, args, { env });
    const seconds = (performance.now() - startedMs) / 1_000;
    return { seconds, sha256: await takeObject(directory, lab.bucket, key) };
  },
};
