import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { checkCommand } from './commands/check.ts';
import { demoCommand } from './commands/demo.ts';
import { historyCommand } from './commands/history.ts';
import { listCommand } from './commands/list.ts';
import { pauseCommand, unpauseCommand } from './commands/partner/pause.ts';
import { pullCommand } from './commands/pull.ts';
import { reportCommand } from './commands/report.ts';
import { startCommand } from './commands/start.ts';
import { stopCommand } from './commands/stop.ts';
import { transferCommand } from './commands/transfer.ts';
import { watchCommand } from './commands/watch.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { applyProfile } from './options/profile-option.ts';

const EXIT_CODE_HELP = `
Exit codes:
  ${EXIT_CODES.ok}    done: the file landed and was proved, or the server is healthy
  ${EXIT_CODES.failed}    the transfer or the check failed: the error's name is printed
  ${EXIT_CODES.usage}    the command line is wrong, nothing was done
  ${EXIT_CODES.hostKeyUnconfirmed}    no host key was given: the offered fingerprint is printed
  ${EXIT_CODES.awsUnanswered}    AWS did not answer, or refused the call: the state of the transfer is unknown
  ${EXIT_CODES.interrupted}  stopped by Ctrl-C: a local transfer was aborted, one on AWS goes on`;

/** The command line with all its commands; nothing runs before it is given arguments to parse. */
export function buildProgram(): Command {
  return new Command('sftp-to-s3')
    .description(packageJson.description)
    .version(packageJson.version)
    .hook('preAction', (_program, command) => applyProfile(command.opts(), process.env))
    .addHelpText('after', EXIT_CODE_HELP)
    .addCommand(transferCommand())
    .addCommand(pullCommand())
    .addCommand(demoCommand())
    .addCommand(checkCommand())
    .addCommand(startCommand())
    .addCommand(watchCommand())
    .addCommand(listCommand())
    .addCommand(historyCommand())
    .addCommand(reportCommand())
    .addCommand(stopCommand())
    .addCommand(pauseCommand())
    .addCommand(unpauseCommand());
}
