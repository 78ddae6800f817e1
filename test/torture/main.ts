import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { areOptionalSuitesRequired } from '../support/optional-suite.ts';
import { sshdMissing } from '../support/sftp/sshd.ts';
import { runScenario } from './run-scenario.ts';
import { describeScenario, drawScenario, type Scenario } from './scenario.ts';

const USAGE = 'usage: npm run test:torture -- [--runs N] [--seed N] [--only RUN] [--json FILE]';
const DEFAULT_RUNS = 20;

interface Options {
  runs: number;
  seed: number;
  /** The one run to repeat. */
  only: number | undefined;
  json: string | undefined;
}

/**
 * `npm run test:torture`: transfers under random combinations of faults, one line each. The same seed draws the same
 * files and faults; what coincides with what is up to the machine.
 */
async function main({ runs, seed, only, json }: Options): Promise<void> {
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
    const scenario = drawScenario(`${seed}/${run}`);
    if (mustSkip(scenario)) {
      skipped += 1;
      print(`run ${run} ${describeScenario(scenario)} ... skipped, ${sshdMissing}`);
      continue;
    }
    const { complaints, end, seconds } = await runScenario(scenario).catch((error: Error) => {
      print(`run ${run} ${describeScenario(scenario)} ... FAIL`);
      print(`  again: ${again(seed, run)}`);
      throw error;
    });
    const verdict = complaints.length === 0 ? 'pass' : 'FAIL';
    const told = end === 'SUCCEEDED' ? 'landed, hash equal' : end;
    print(`run ${run} ${describeScenario(scenario)} -> ${told} in ${seconds.toFixed(1)} s ... ${verdict}`);
    ends.set(end, (ends.get(end) ?? 0) + 1);
    if (complaints.length === 0) continue;
    failedRuns.push(run);
    for (const complaint of complaints) print(`  ${complaint}`);
    print(`  again: ${again(seed, run)}`);
  }

  const passed = [...ends.values()].reduce((sum, count) => sum + count, 0) - failedRuns.length;
  const told = [...ends].toSorted(([, a], [, b]) => b - a).map(([end, count]) => `${count} ${end}`);
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
  print(`${told.join(', ')}; seed ${seed}, ${seconds} s`);
  print(`${passed} runs passed, ${failedRuns.length} failed, ${skipped} skipped`);
  if (json !== undefined) writeFileSync(json, JSON.stringify(jestResult(passed, failedRuns.length, skipped)));
  if (failedRuns.length > 0) process.exitCode = 1;
}

const again = (seed: number, run: number): string => `npm run test:torture -- --seed ${seed} --only ${run}`;

function mustSkip({ server }: Scenario): boolean {
  if (server !== 'openssh' || sshdMissing === undefined) return false;
  if (areOptionalSuitesRequired) throw new Error(sshdMissing);
  return true;
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
      json: { type: 'string' },
    },
  });
  return {
    runs: count('runs', values.runs) ?? DEFAULT_RUNS,
    seed: count('seed', values.seed) ?? randomInt(1, 1_000_000),
    only: count('only', values.only),
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
