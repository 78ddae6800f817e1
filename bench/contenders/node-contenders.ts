import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { hashFile } from '../../local/sample-file.ts';
import type { Contender, Job, Run } from './contender.ts';
import type { NodeJob, NodeRun } from './node-job.ts';

export const OUR_READER: Contender = {
  name: 'sftp-to-s3, reader alone',
  connections: 1,
  run: (job) => runInNode('our-reader', job),
};

export const OUR_UPLOAD: Contender = {
  name: 'sftp-to-s3, reader and upload',
  connections: 1,
  run: (job) => runInNode('our-upload', job),
};

export const SSH2_SFTP_CLIENT: Contender = {
  name: 'ssh2-sftp-client, ranged get',
  connections: 1,
  isSequential: true,
  run: (job) => runInNode('ssh2-sftp-client', job),
};

async function runInNode(how: NodeJob['how'], { lab, line, sample, targetPath }: Job): Promise<Run> {
  const { username, hostKeyFingerprint } = lab.sftp;
  const job: NodeJob = {
    how,
    host: '127.0.0.1',
    port: line.port,
    username,
    keyFile: lab.keyFile,
    hostKeyFingerprint,
    path: sample.path,
    sizeBytes: sample.sizeBytes,
    targetPath,
    s3: lab.s3,
  };
  const { stdout } = await promisify(execFile)(process.execPath, [lab.runnerFile, JSON.stringify(job)]);
  const run = JSON.parse(stdout) as NodeRun;
  return { ...run, sha256: run.sha256 ?? (await hashFile(targetPath)) };
}
