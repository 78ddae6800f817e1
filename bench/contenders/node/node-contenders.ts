import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { AwsChunkedDecoder } from '../../../local/s3-server/body/aws-chunked-decoder.ts';
import { hashFile } from '../../../local/sample-file.ts';
import type { Contender, Job, Run } from '../contender.ts';
import { trusting } from '../trusting.ts';
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

export const OUR_UPLOAD_TLS: Contender = {
  name: 'sftp-to-s3, reader and upload, TLS',
  connections: 1,
  run: (job) => runInNode('our-upload', job, job.lab.partSink.tlsEndpoint),
};

/** No SFTP at all: what the line carries for one TCP connection. */
export const RAW_TCP: Contender = {
  name: 'raw TCP',
  connections: 1,
  run: (job) => runInNode('raw-tcp', job),
};

export const SSH2_SFTP_CLIENT: Contender = {
  name: 'ssh2-sftp-client, ranged get',
  connections: 1,
  isSequential: true,
  run: (job) => runInNode('ssh2-sftp-client', job),
};

async function runInNode(
  how: NodeJob['how'],
  { lab, line, sample, targetPath }: Job,
  partSinkEndpoint = lab.partSink.endpoint,
): Promise<Run> {
  const { username, hostKeyFingerprint } = lab.sftp;
  const job: NodeJob = {
    how,
    host: line.host,
    port: line.port,
    rawPort: line.rawPort,
    username,
    keyFile: lab.keyFile,
    hostKeyFingerprint,
    path: sample.path,
    sizeBytes: sample.sizeBytes,
    targetPath,
    partSinkEndpoint,
  };
  const [program, args] = lab.client.enter(process.execPath, [lab.runnerFile, JSON.stringify(job)]);
  const { stdout } = await promisify(execFile)(program, args, { env: trusting(lab) });
  const run = JSON.parse(stdout) as NodeRun;
  return { ...run, sha256: await (how === 'our-upload' ? takeParts(targetPath) : hashFile(targetPath)) };
}

/** Takes the parts of a file, in order, out of the sink's folder. @returns the SHA-256 of their payloads, hexadecimal */
async function takeParts(targetPath: string): Promise<string> {
  const hash = createHash('sha256');
  for (let number = 1; existsSync(`${targetPath}.${number}`); number += 1) {
    const part = `${targetPath}.${number}`;
    await pipeline(createReadStream(part), new AwsChunkedDecoder(), async (payload) => {
      for await (const bytes of payload) hash.update(bytes);
    });
    await rm(part);
  }
  return hash.digest('hex');
}
