import { CommanderError } from 'commander';
import { InvalidTransferRequestError, TransferError } from '../transfer/errors.ts';
import { AwsCallError } from './deployed/aws-call-error.ts';
import { SessionsInUseError } from './deployed/check-sessions.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { printLine } from './print.ts';
import { endAtSignal } from './process/end-at-signal.ts';
import { Interrupted } from './process/interrupt.ts';
import { outliveOutput } from './process/outlive-output.ts';
import { stopWithParent } from './process/stop-with-parent.ts';
import { buildProgram } from './program.ts';
import { UsageError } from './usage-error.ts';

/** Commander quotes an option that it does not know, and other programs take a password as one. */
const VALUE_OF_UNKNOWN_OPTION = /(unknown option '[^=]+)=.*'/s;

outliveOutput();
stopWithParent(process.env);
const asJson = process.argv.includes('--json');
endAtSignal(asJson);
const program = buildProgram();
for (const command of [program, ...program.commands]) {
  command.configureOutput({
    outputError: (text, write) => write(text.replace(VALUE_OF_UNKNOWN_OPTION, "$1'")),
  });
  command.exitOverride((error) => {
    if (error.exitCode === 0) process.exit(EXIT_CODES.ok);
    const cause = error.message.replace(VALUE_OF_UNKNOWN_OPTION, "$1'").replace(/^error: /, '');
    if (asJson) printLine(JSON.stringify({ status: 'FAILED', error: 'UsageError', cause }));
    process.exit(EXIT_CODES.usage);
  });
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Prints a failure that no command printed itself, and returns the exit code for it. */
function report(error: unknown): number {
  const thrown = error instanceof Error ? error : new Error(String(error));
  // What an option's own parser refuses, though it was asked for at a prompt.
  const failure = thrown instanceof CommanderError ? new UsageError(thrown.message) : thrown;
  const known = [TransferError, UsageError, AwsCallError, SessionsInUseError].some(
    (kind) => failure instanceof kind,
  );
  // AWS did not answer, or refused the call: what the transfer does is not known by that.
  const status = failure instanceof AwsCallError ? 'UNKNOWN' : 'FAILED';
  if (asJson) printLine(JSON.stringify({ status, error: failure.name, cause: failure.message }));
  // That it stops was announced at Ctrl-C.
  else if (failure instanceof Interrupted) process.stderr.write('Stopped.\n');
  else process.stderr.write(`${failure.name}: ${known ? failure.message : failure.stack}\n`);
  if (failure instanceof Interrupted) return EXIT_CODES.interrupted;
  if (failure instanceof AwsCallError) return EXIT_CODES.awsUnanswered;
  const wrongInput = failure instanceof UsageError || failure instanceof InvalidTransferRequestError;
  return wrongInput ? EXIT_CODES.usage : EXIT_CODES.failed;
}
