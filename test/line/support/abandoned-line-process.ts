import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startPacketLine } from '../../../bench/lab/line/packet-line.ts';

/** What `abandoned-line-process.ts <max seconds>` prints before it waits for its end. */
export interface AbandonedLine {
  /** Of processes that sleep at both ends. */
  residentPids: number[];
}

const line = await startPacketLine(Number(process.argv[2]));
const residentPids: number[] = [];
for (const { enter } of [line.client, line.server]) {
  const [program, args] = enter('sh', ['-c', 'echo here; exec sleep 1000']);
  const resident = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(resident.stdout, 'data');
  residentPids.push(resident.pid as number);
}
process.stdout.write(JSON.stringify({ residentPids } satisfies AbandonedLine));
setInterval(() => {}, 1_000);
