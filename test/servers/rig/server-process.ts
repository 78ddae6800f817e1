import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A server must accept connections within this; Erlang's runtime takes the longest, about 2 s on a busy machine. */
const START_TIMEOUT_MS = 30_000;
const POLL_INTERVAL_MS = 50;
/** A server that ignores SIGTERM for this long is killed. */
const STOP_TIMEOUT_MS = 5_000;

export interface ServerProcess {
  /** What the server has written to stdout and stderr so far. */
  log(): string;
  stop(): Promise<void>;
}

export interface ServerCommand {
  program: string;
  args: readonly string[];
  /** Besides PATH. @default none */
  environment?: Readonly<Record<string, string>>;
  /** Loopback port on which it will listen. */
  port: number;
}

/**
 * Starts a server and waits until its port accepts connections.
 * @throws Error with the server's own words when it ends, or is not there in time
 */
export async function startServerProcess(command: ServerCommand): Promise<ServerProcess> {
  const { program, args, environment = {}, port } = command;
  // A group of its own, so that the processes which it starts for its connections end with it.
  const child = spawn(program, [...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const log = collectOutput(child);
  // However the tests end, the server does not outlive them.
  const killGroup = () => child.pid !== undefined && signalGroup(child.pid, 'SIGKILL');
  process.once('exit', killGroup);
  child.once('exit', () => process.off('exit', killGroup));
  const failed = once(child, 'error').then(([error]) => Promise.reject(error));
  failed.catch(() => {});
  const deadlineMs = performance.now() + START_TIMEOUT_MS;
  while (!(await Promise.race([accepts(port), failed]))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${program} ended (${child.exitCode ?? child.signalCode}): ${log()}`);
    if (performance.now() > deadlineMs) {
      await stop(child);
      throw new Error(`${program} does not listen within ${START_TIMEOUT_MS} ms: ${log()}`);
    }
    await delay(POLL_INTERVAL_MS);
  }
  return { log, stop: () => stop(child) };
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
  }
  return () => text;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  signalGroup(pid, 'SIGTERM');
  const isGone = await Promise.race([
    exited?.then(() => true) ?? true,
    delay(STOP_TIMEOUT_MS, false, { ref: false }),
  ]);
  // The rest of the group may outlive its leader.
  signalGroup(pid, 'SIGKILL');
  if (!isGone) await exited;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}
