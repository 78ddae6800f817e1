import { createHash } from 'node:crypto';
import { readRange } from '../../support/sftp/read-range.ts';
import { type ClientJob, serverOf } from './client-job.ts';

export interface ReadJob extends ClientJob {
  sizeBytes: number;
}

/** What `read-process.ts <ReadJob>` prints. */
export interface ReadResult {
  /** Of the bytes that came, hexadecimal. */
  sha256: string;
  /** From the request to the last byte, without the login. */
  seconds: number;
}

const { sizeBytes, ...job } = JSON.parse(process.argv[2] ?? '') as ReadJob;
const signal = AbortSignal.timeout(60_000);
const session = await serverOf(job).connect(signal);
const maxReadBytes = await session.maxReadBytes(signal);
const startedMs = performance.now();
const hash = createHash('sha256');
const range = { path: job.path, startByte: 0, endByte: sizeBytes, maxReadBytes };
for await (const bytes of readRange(session, range, signal)) hash.update(bytes);
const seconds = (performance.now() - startedMs) / 1_000;
await session.end();
process.stdout.write(JSON.stringify({ sha256: hash.digest('hex'), seconds } satisfies ReadResult));
