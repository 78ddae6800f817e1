import type { NodeJob, NodeRun } from './node-job.ts';
import { ourReader } from './our-reader.ts';
import { ourUpload } from './our-upload.ts';
import { ssh2SftpClientGet } from './ssh2-sftp-client-get.ts';

/**
 * The process that a contender in JavaScript runs in: `runner.cjs <job as JSON>`, prints the run as JSON.
 * Time, processor and memory are those of the transfer, not of the check that follows.
 */
async function main(): Promise<void> {
  const job = JSON.parse(process.argv[2] ?? '') as NodeJob;
  const { transfer, check } = await prepare(job);
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  await transfer();
  const seconds = (performance.now() - startedMs) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  const run: NodeRun = {
    seconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakRssBytes: process.resourceUsage().maxRSS * 1_024,
  };
  const sha256 = await check();
  process.stdout.write(JSON.stringify({ ...run, ...(sha256 !== undefined && { sha256 }) }));
}

/** A transfer that is ready to start, and what tells its hash if it leaves no file. */
export interface NodeTransfer {
  transfer(): Promise<void>;
  check(): Promise<string | undefined>;
}

function prepare(job: NodeJob): Promise<NodeTransfer> {
  switch (job.how) {
    case 'our-reader':
      return ourReader(job);
    case 'our-upload':
      return ourUpload(job);
    case 'ssh2-sftp-client':
      return ssh2SftpClientGet(job);
  }
}

void main();
