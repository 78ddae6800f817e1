import { readFileSync } from 'node:fs';

/**
 * Adds up result files in jest's form, named on the command line, and prints `N passed, N failed, N skipped`.
 * Fails when a file holds no passed test: a suite that ran nothing proves nothing.
 */
interface JestResult {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numFailedTestSuites: number;
}

const total = { passed: 0, failed: 0, skipped: 0 };
for (const file of process.argv.slice(2)) {
  const result = JSON.parse(readFileSync(file, 'utf8')) as JestResult;
  if (result.numPassedTests === 0) {
    process.stderr.write(`${file}: no test passed\n`);
    process.exitCode = 1;
  }
  if (result.numFailedTests + result.numFailedTestSuites > 0) process.exitCode = 1;
  total.passed += result.numPassedTests;
  total.failed += result.numFailedTests;
  total.skipped += result.numPendingTests;
}
if (total.passed === 0) process.exitCode = 1;
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
