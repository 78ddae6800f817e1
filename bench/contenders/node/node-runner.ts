import { ourReader } from '../our-reader.ts';
import { ourUpload } from '../our-upload.ts';
import { rawTcp } from '../raw-tcp.ts';
import { ssh2SftpClientGet } from '../ssh2-sftp-client-get.ts';
import type { NodeJob, NodeRun } from './node-job.ts';

/** The process that a contender in JavaScript runs in: `runner.cjs <job as JSON>`, prints the run as JSON. */
async function main(): Promise<void> {
  const transfer = await prepare(JSON.parse(process.argv[2] ?? '') as NodeJob);
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  const connectSeconds = await transfer();
  const seconds = (performance.now() - startedMs) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  const run: NodeRun = {
    seconds,
    ...(connectSeconds !== undefined && { connectSeconds }),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakRssBytes: process.resourceUsage().maxRSS * 1_024,
  };
  process.stdout.write(JSON.stringify(run));
}

/** A transfer that is ready to connect; it may say how many seconds that took. */
async function prepare(job: NodeJob): Promise<() => Promise<number | undefined>> {
  switch (job.how) {
    case 'our-reader':
      return () => ourReader(job);
    case 'our-upload':
      return ourUpload(job);
    case 'raw-tcp':
      return () => rawTcp(job);
    case 'ssh2-sftp-client':
      return () => ssh2SftpClientGet(job);
  }
}

void main();
