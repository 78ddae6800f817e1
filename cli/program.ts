import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { checkCommand } from './commands/check.ts';
import { demoCommand } from './commands/demo.ts';
import { reportCommand } from './commands/report.ts';
import { transferCommand } from './commands/transfer.ts';
import { EXIT_CODES } from './exit-codes.ts';

const EXIT_CODE_HELP = `
Exit codes:
  ${EXIT_CODES.ok}    the file landed and was proved
  ${EXIT_CODES.failed}    the transfer failed: its error name is printed, and nothing is left behind
  ${EXIT_CODES.usage}    the command line is wrong, nothing was done
  ${EXIT_CODES.hostKeyUnconfirmed}    no host key was given: the offered fingerprint is printed
  ${EXIT_CODES.interrupted}  stopped by Ctrl-C: the upload was aborted`;

/** The command line with all its commands; nothing runs before it is given arguments to parse. */
export function buildProgram(): Command {
  return new Command('sftp-to-s3')
    .description(packageJson.description)
    .version(packageJson.version)
    .addHelpText('after', EXIT_CODE_HELP)
    .addCommand(transferCommand())
    .addCommand(checkCommand())
    .addCommand(demoCommand())
    .addCommand(reportCommand());
}
