import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** As in fault.ts, which needs jest's globals and so cannot be loaded here. */
const FAULT_REPORT_FOLDER = 'FAULT_REPORT_FOLDER';

/** As much of what jest tells a reporter as is used here. */
interface FileResult {
  testFilePath: string;
  skipped: boolean;
  failureMessage?: string | null;
  testResults: { ancestorTitles: string[] }[];
}
interface RunResult {
  numPassedTestSuites: number;
  numFailedTestSuites: number;
  numPendingTestSuites: number;
}

/** Prints one line a fault, in their order: what was done to the transfer, what came out, pass or fail. */
export default class FaultReporter {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sftp-to-s3-faults-'));
  /** Files in the order in which they were started, with their report once there is one. */
  readonly #files: { path: string; report?: string }[] = [];

  constructor() {
    process.env[FAULT_REPORT_FOLDER] = this.#folder;
  }

  onTestFileStart({ path }: { path: string }): void {
    this.#files.push({ path });
  }

  onTestFileResult({ path }: { path: string }, result: FileResult): void {
    const file = this.#files.find((started) => started.path === path);
    if (file !== undefined) file.report = this.#reportOf(result);
    while (this.#files[0]?.report !== undefined) process.stdout.write(this.#files.shift()?.report ?? '');
  }

  onRunComplete(_tests: unknown, run: RunResult): void {
    rmSync(this.#folder, { recursive: true, force: true });
    process.stdout.write(
      `${run.numPassedTestSuites} faults passed, ${run.numFailedTestSuites} failed, ` +
        `${run.numPendingTestSuites} skipped\n`,
    );
  }

  #reportOf({ skipped, failureMessage, testFilePath, testResults }: FileResult): string {
    const name = testResults[0]?.ancestorTitles[0] ?? testFilePath;
    if (skipped) return `${name} ... skipped\n`;
    const told = join(this.#folder, name.split(' ', 1)[0] ?? name);
    const cameOut = existsSync(told) ? readFileSync(told, 'utf8').trim().replaceAll('\n', '; ') : 'nothing';
    return failureMessage
      ? `${name}: ${cameOut} ... FAIL\n${failureMessage}\n`
      : `${name}: ${cameOut} ... pass\n`;
  }
}
