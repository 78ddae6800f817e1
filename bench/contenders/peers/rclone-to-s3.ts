import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Lab } from '../../lab/lab.ts';
import { LAB_S3_CREDENTIALS, LAB_S3_REGION } from '../../lab/lab-s3.ts';
import type { Contender } from '../contender.ts';
import { takeObject } from '../landed-object.ts';
import { rcloneSftpFlags } from './rclone.ts';

/** rclone's view of the lab's S3. */
export function rcloneS3Flags(lab: Lab, store: 'plain' | 'tls'): string[] {
  return [
    '--s3-provider=Other',
    `--s3-endpoint=${lab.s3[store].endpoint}`,
    `--s3-region=${LAB_S3_REGION}`,
    `--s3-access-key-id=${LAB_S3_CREDENTIALS.accessKeyId}`,
    `--s3-secret-access-key=${LAB_S3_CREDENTIALS.secretAccessKey}`,
    '--s3-no-check-bucket',
    ...(store === 'tls' ? [`--ca-cert=${lab.certificate.certFile}`] : []),
  ];
}

/** rclone from SFTP into S3, which it reads over one connection: several streams are for local targets only. */
export const rcloneToS3 = (store: 'plain' | 'tls'): Contender => ({
  name: `rclone, SFTP to S3${store === 'tls' ? '' : ', without TLS'}`,
  connections: 1,
  async run({ lab, line, sample }) {
    const { directory } = lab.s3[store];
    const flags = [...rcloneSftpFlags(lab, line), ...rcloneS3Flags(lab, store)];
    const key = 'by-rclone';
    const target = `:s3:${lab.bucket}/${key}`;
    // rclone 1.60 refuses to start where the AWS variable for certificates is set.
    const { AWS_CA_BUNDLE: _, ...env } = process.env;
    const [program, args] = lab.client.enter('rclone', ['copyto', ...flags, `:sftp:${sample.path}`, target]);
    const startedMs = performance.now();
    await promisify(execFile)(program, args, { env });
    const seconds = (performance.now() - startedMs) / 1_000;
    return { seconds, sha256: await takeObject(directory, lab.bucket, key) };
  },
});
