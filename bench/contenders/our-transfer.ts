import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { counted } from '../../transfer/text/counted.ts';
import { LAB_S3_CREDENTIALS, LAB_S3_REGION } from '../lab/lab-s3.ts';
import type { Contender, Job, Run } from './contender.ts';
import { takeObject } from './landed-object.ts';
import { trusting } from './trusting.ts';

const COMMAND_LINE = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const KEY = 'transferred';

/**
 * A whole transfer from SFTP into S3 by the command line, from its start to its end.
 * @param flags besides the sessions at a time; whatever they do not set is the default
 */
export function ourTransfer(
  sessions: number,
  { store = 'tls', flags = [] }: { store?: 'plain' | 'tls'; flags?: readonly string[] } = {},
): Contender {
  return {
    name: `sftp-to-s3 transfer, ${counted(sessions, 'session')}${store === 'tls' ? '' : ', without TLS'}`,
    connections: sessions,
    run: (job) => transfer(job, store, [`--max-concurrency=${sessions}`, ...flags]),
  };
}

async function transfer(
  { lab, line, sample }: Job,
  store: 'plain' | 'tls',
  flags: readonly string[],
): Promise<Run> {
  const { endpoint, directory } = lab.s3[store];
  const [program, args] = lab.client.enter(process.execPath, [
    COMMAND_LINE,
    'transfer',
    `sftp://${lab.sftp.username}@${line.host}:${line.port}${sample.path}`,
    `s3://${lab.bucket}/${KEY}`,
    `--host-key=${lab.sftp.hostKeyFingerprint}`,
    `--identity-file=${lab.keyFile}`,
    `--endpoint-url=${endpoint}`,
    `--region=${LAB_S3_REGION}`,
    ...flags,
  ]);
  const startedMs = performance.now();
  await promisify(execFile)(program, args, {
    env: {
      ...trusting(lab),
      AWS_ACCESS_KEY_ID: LAB_S3_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LAB_S3_CREDENTIALS.secretAccessKey,
    },
  });
  const seconds = (performance.now() - startedMs) / 1_000;
  return { seconds, sha256: await takeObject(directory, lab.bucket, KEY) };
}
