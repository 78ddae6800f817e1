import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../network/free-port.ts';

/** moto's AWS, in a process of its own. */
export interface MotoServer {
  endpoint: string;
  stop(): Promise<void>;
}

/** For describeUnless. */
export const motoMissing: string | undefined = hasMoto()
  ? undefined
  : "python3 has no module 'moto' with its server (pip install 'moto[s3,server]')";

/** Importing Python's part of the world takes its time on a busy machine. */
const START_TIMEOUT_MS = 50_000;
const POLL_MS = 100;

/** Starts `python3 -m moto.server` on a free loopback port. */
export async function startMotoServer(): Promise<MotoServer> {
  const port = await findFreePort();
  const moto = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  moto.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-10_000);
  });
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await untilItAnswers(moto, endpoint);
  } catch (error) {
    moto.kill();
    throw new Error(`moto does not start: ${log}`, { cause: error });
  }
  return {
    endpoint,
    async stop() {
      if (moto.exitCode !== null || moto.signalCode !== null) return;
      const exited = once(moto, 'exit');
      moto.kill();
      await exited;
    },
  };
}

async function untilItAnswers(moto: ChildProcess, endpoint: string): Promise<void> {
  const deadline = AbortSignal.timeout(START_TIMEOUT_MS);
  for (;;) {
    if (moto.exitCode !== null) throw new Error(`it exits with ${moto.exitCode}`);
    const answer = await fetch(`${endpoint}/moto-api/`, { signal: deadline }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    deadline.throwIfAborted();
    await sleep(POLL_MS);
  }
}

function hasMoto(): boolean {
  return spawnSync('python3', ['-c', 'import moto, flask'], { stdio: 'ignore' }).status === 0;
}
