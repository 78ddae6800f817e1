import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Place, THIS_MACHINE } from './place.ts';

export interface ReadyProcess<Ready> {
  /** What the process said when it was ready. */
  ready: Ready;
  stop(): Promise<void>;
}

/**
 * Starts a TypeScript file in a process of its own, so that it has its own share of the machine. It must print one
 * line of JSON when it is ready. It is killed at the end, so it must leave nothing that matters.
 * @throws Error when it ends before it is ready
 */
export async function startProcess<Ready>(
  script: URL,
  args: readonly string[],
  place: Place = THIS_MACHINE,
): Promise<ReadyProcess<Ready>> {
  const [program, programArgs] = place.enter(process.execPath, [script.pathname, ...args]);
  const child = spawn(program, programArgs, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  return {
    ready: JSON.parse(await firstLine(child, script)) as Ready,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

async function firstLine(child: ChildProcess, script: URL): Promise<string> {
  if (child.stdout !== null) {
    for await (const line of createInterface({ input: child.stdout })) return line;
  }
  throw new Error(`${script.pathname} ended before it was ready`);
}

/** For the process's side: says that it is ready, and ends when the process that started it is gone. */
export function tellReady(ready: unknown): void {
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  process.stdin.resume().once('end', () => process.exit());
}
