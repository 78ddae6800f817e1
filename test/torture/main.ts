import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { areOptionalSuitesRequired } from '../support/optional-suite.ts';
import { sshdMissing } from '../support/sftp/sshd.ts';
import { describeKilledTransfer, drawKilledTransfer } from './resume/killed-transfer.ts';
import { runKilledTransfer } from './resume/run-killed-transfer.ts';
import { runScenario, type ScenarioResult } from './run-scenario.ts';
import { describeScenario, drawScenario, type Scenario } from './scenario.ts';

const USAGE = 'usage: npm run test:torture -- [--runs N] [--seed N] [--only RUN] [--resume] [--json FILE]';
const DEFAULT_RUNS = 20;

interface Options {
  runs: number;
  seed: number;
  /** The one run to repeat. */
  only: number | undefined;
  /** Kills and resumes processes, instead of faults of server, line and S3. */
  resume: boolean;
  json: string | undefined;
}

/** What one run does. */
interface Run {
  description: string;
  /** Why it cannot be done here. */
  missing: string | undefined;
  start(): Promise<ScenarioResult>;
}

/**
 * `npm run test:torture`: transfers under random combinations of faults, or (`--resume`) transfers that are killed and
 * resumed, one line each. The same seed draws the same files and faults; what coincides with what is up to the machine.
 */
async function main({ runs, seed, only, resume, json }: Options): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sftp-to-s3-torture-'));
  process.env.TMPDIR = folder; // so that all that a run leaves is found here
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // Opens the pipe to the reader of the output before the first run counts what is open.
  print(`seed ${seed}`);
  const startedMs = performance.now();
  const ends = new Map<string, number>();
  const failedRuns: number[] = [];
  let skipped = 0;

  for (let run = only ?? 1; run <= (only ?? runs); run += 1) {
    const { description, missing, start } = draw(`${seed}/${run}`, resume);
    if (missing !== undefined) {
      skipped += 1;
      print(`run ${run} ${description} ... skipped, ${missing}`);
      continue;
    }
    const { complaints, end, seconds } = await start().catch((error: Error) => {
      print(`run ${run} ${description} ... FAIL`);
      print(`  again: ${again(seed, run, resume)}`);
      throw error;
    });
    const verdict = complaints.length === 0 ? 'pass' : 'FAIL';
    const told = end === 'SUCCEEDED' ? 'landed, hash equal' : end;
    print(`run ${run} ${description} -> ${told} in ${seconds.toFixed(1)} s ... ${verdict}`);
    ends.set(end, (ends.get(end) ?? 0) + 1);
    if (complaints.length === 0) continue;
    failedRuns.push(run);
    for (const complaint of complaints) print(`  ${complaint}`);
    print(`  again: ${again(seed, run, resume)}`);
  }

  const passed = [...ends.values()].reduce((sum, count) => sum + count, 0) - failedRuns.length;
  const told = [...ends].toSorted(([, a], [, b]) => b - a).map(([end, count]) => `${count} ${end}`);
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
  print(`${told.join(', ')}; seed ${seed}, ${seconds} s`);
  print(`${passed} runs passed, ${failedRuns.length} failed, ${skipped} skipped`);
  if (json !== undefined) writeFileSync(json, JSON.stringify(jestResult(passed, failedRuns.length, skipped)));
  if (failedRuns.length > 0) process.exitCode = 1;
}

const again = (seed: number, run: number, resume: boolean): string =>
  `npm run test:torture -- --seed ${seed} --only ${run}${resume ? ' --resume' : ''}`;

function draw(seed: string, resume: boolean): Run {
  if (resume) {
    const transfer = drawKilledTransfer(seed);
    const description = describeKilledTransfer(transfer);
    return { description, missing: undefined, start: () => runKilledTransfer(transfer) };
  }
  const scenario = drawScenario(seed);
  const missing = missingFor(scenario);
  return { description: describeScenario(scenario), missing, start: () => runScenario(scenario) };
}

function missingFor({ server }: Scenario): string | undefined {
  if (server !== 'openssh' || sshdMissing === undefined) return undefined;
  if (areOptionalSuitesRequired) throw new Error(sshdMissing);
  return sshdMissing;
}

/** In the form in which jest tells it, for scripts/count-tests.ts. */
function jestResult(passed: number, failed: number, skipped: number): object {
  return { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped, numFailedTestSuites: 0 };
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      resume: { type: 'boolean' },
      json: { type: 'string' },
    },
  });
  return {
    runs: count('runs', values.runs) ?? DEFAULT_RUNS,
    seed: count('seed', values.seed) ?? randomInt(1, 1_000_000),
    only: count('only', values.only),
    resume: values.resume === true,
    json: values.json,
  };
}

function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`--${name} is ${text}, but it must be a whole number from 1\n${USAGE}`);
  return number;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

await main(readOptions());
