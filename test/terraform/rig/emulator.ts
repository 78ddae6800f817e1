import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../../support/network/free-port.ts';

/** AWS on this machine: moto with the additions of test/terraform/emulator. */
export interface Emulator {
  /** As `http://127.0.0.1:<port>`, an IP address: the SDK then addresses buckets by path. */
  endpoint: string;
  /** Everything that a function has written to its log, one line an entry. */
  functionLog(functionName: string): string[];
  /** Every call so far. */
  calls(): RecordedCall[];
  /** From now on these faults happen, and no others. */
  setFaults(faults: Faults): void;
  /** From now on executions and functions have this time, which goes on. @returns what command lines need to have it */
  setClock(time: string): Readonly<Record<string, string>>;
  /** Ends the emulator and the functions that it runs. */
  stop(): Promise<void>;
}

/** One call to AWS; `who` is the role, or the name that a test gave itself. */
export interface RecordedCall {
  who: string;
  service: string;
  operation: string;
  resource: string;
}

export interface Faults {
  /** By function: what its next calls end with. An error of Lambda's Invoke; with a dot, what the function "threw". */
  functions?: Readonly<Record<string, readonly { error: string; times: number }[]>>;
  /** Events that an execution may have. */
  history_limit?: number;
  /** How long a retry waits at most. */
  longest_retry_seconds?: number;
}

const EMULATOR = path.join(import.meta.dirname, '../emulator');
const START_TIMEOUT_MS = 90_000;
const POLL_MS = 250;

/** @param workFolder outside the project, since Node.js would take the functions' files there for ES modules */
export async function startEmulator(python: string, workFolder: string): Promise<Emulator> {
  const port = await findFreePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const emulator = spawn(
    python,
    [
      path.join(EMULATOR, 'server.py'),
      String(port),
      workFolder,
      process.execPath,
      path.join(EMULATOR, 'run-function.ts'),
    ],
    // It ends when its stdin does, that is, whatever becomes of this process.
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } },
  );
  const log = createWriteStream(path.join(workFolder, 'emulator.log'));
  emulator.stdout.pipe(log, { end: false });
  emulator.stderr.pipe(log, { end: false });
  await waitUntilReady(endpoint, emulator);
  /** At once: the emulator may read it at any moment. */
  const replaceFile = (name: string, content: object): void => {
    const file = path.join(workFolder, name);
    writeFileSync(`${file}.new`, JSON.stringify(content));
    renameSync(`${file}.new`, file);
  };
  return {
    endpoint,
    functionLog(functionName) {
      const file = path.join(workFolder, 'logs', `${functionName}.log`);
      return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    },
    calls() {
      const file = path.join(workFolder, 'calls.jsonl');
      return readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as RecordedCall);
    },
    setFaults(faults) {
      replaceFile('faults.json', faults);
    },
    setClock(time) {
      const aheadMs = Date.parse(time) - Date.now();
      replaceFile('clock.json', { ahead_ms: aheadMs });
      return {
        EMULATED_CLOCK_AHEAD_MS: String(aheadMs),
        NODE_OPTIONS: `--import=${path.join(EMULATOR, 'world-clock.ts')}`,
      };
    },
    async stop() {
      const exited = once(emulator, 'exit');
      emulator.kill('SIGTERM');
      await exited;
      log.end();
    },
  };
}

async function waitUntilReady(endpoint: string, emulator: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (emulator.exitCode !== null) throw new Error(`the emulator ended with ${emulator.exitCode}`);
    try {
      if ((await fetch(`${endpoint}/moto-api/`)).ok) return;
    } catch {
      // Not listening yet.
    }
    await sleep(POLL_MS);
  }
  emulator.kill('SIGKILL');
  throw new Error(`the emulator did not answer within ${START_TIMEOUT_MS / 1_000} s`);
}
