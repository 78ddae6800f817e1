import { Command } from 'commander';
import { InvalidTransferRequestError, TransferError } from '../lambdas/shared/errors.ts';
import packageJson from '../package.json' with { type: 'json' };
import { checkCommand } from './commands/check.ts';
import { demoCommand } from './commands/demo.ts';
import { transferCommand } from './commands/transfer.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { printLine } from './print.ts';
import { UsageError } from './usage-error.ts';

const EXIT_CODE_HELP = `
Exit codes:
  ${EXIT_CODES.ok}    the file landed and was proved
  ${EXIT_CODES.failed}    the transfer failed: its error name is printed, and nothing is left behind
  ${EXIT_CODES.usage}    the command line is wrong, nothing was done
  ${EXIT_CODES.hostKeyUnconfirmed}    no host key was given: the offered fingerprint is printed
  ${EXIT_CODES.interrupted}  stopped by Ctrl-C: the upload was aborted`;

const program = new Command('sftp-to-s3')
  .description(packageJson.description)
  .version(packageJson.version)
  .addHelpText('after', EXIT_CODE_HELP)
  .addCommand(transferCommand())
  .addCommand(checkCommand())
  .addCommand(demoCommand());
for (const command of [program, ...program.commands]) {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage));
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error, process.argv.includes('--json'));
}

/** Prints a failure that no command printed itself, and returns the exit code for it. */
function report(error: unknown, asJson: boolean): number {
  const failure = error instanceof Error ? error : new Error(String(error));
  const known = failure instanceof TransferError || failure instanceof UsageError;
  if (asJson) printLine(JSON.stringify({ status: 'FAILED', error: failure.name, cause: failure.message }));
  else process.stderr.write(`${failure.name}: ${known ? failure.message : failure.stack}\n`);
  const wrongInput = failure instanceof UsageError || failure instanceof InvalidTransferRequestError;
  return wrongInput ? EXIT_CODES.usage : EXIT_CODES.failed;
}
