import { readRange } from '../../support/sftp/read-range.ts';
import { type ClientJob, serverOf } from './client-job.ts';

/** What `login-process.ts <ClientJob>` prints: when things had happened, in Unix time. */
export interface LoginTimes {
  sessionOpenMs: number;
  firstByteMs: number;
}

const job = JSON.parse(process.argv[2] ?? '') as ClientJob;
const now = (): number => performance.timeOrigin + performance.now();
const signal = AbortSignal.timeout(60_000);
const session = await serverOf(job).connect(signal);
const sessionOpenMs = now();
const range = { path: job.path, startByte: 0, endByte: 1, maxReadBytes: 32_768 };
let firstByteMs = Number.NaN;
for await (const _bytes of readRange(session, range, signal)) firstByteMs = now();
await session.end();
process.stdout.write(JSON.stringify({ sessionOpenMs, firstByteMs } satisfies LoginTimes));
