import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { checkCommand } from './commands/check.ts';
import { completionCommand } from './commands/completion.ts';
import { demoCommand } from './commands/demo.ts';
import { historyCommand } from './commands/history.ts';
import { ledgerCommand } from './commands/ledger.ts';
import { listCommand } from './commands/list.ts';
import { sandboxCommand } from './commands/local/sandbox.ts';
import { expectedCommand } from './commands/partner/expected.ts';
import { letterCommand } from './commands/partner/letter.ts';
import { onboardCommand } from './commands/partner/onboard.ts';
import { pauseCommand, unpauseCommand } from './commands/partner/pause.ts';
import { secretCommand } from './commands/partner/secret.ts';
import { validateCommand } from './commands/partner/validate.ts';
import { pullCommand } from './commands/pull.ts';
import { reportCommand } from './commands/report.ts';
import { resumeCommand } from './commands/resume.ts';
import { startCommand } from './commands/start.ts';
import { stopCommand } from './commands/stop.ts';
import { transferCommand } from './commands/transfer.ts';
import { watchCommand } from './commands/watch.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { formatSize } from './format/sizes.ts';
import { refuseForgottenValues } from './options/forgotten-value.ts';
import { addExample } from './options/help-examples.ts';
import { applyProfile } from './options/profile-option.ts';

const EXIT_CODE_HELP = `
Exit codes:
  ${EXIT_CODES.ok}    done: the file landed and was proved, or the server is healthy
  ${EXIT_CODES.failed}    the transfer or the check failed: the error's name is printed
  ${EXIT_CODES.usage}    the command line is wrong, nothing was done
  ${EXIT_CODES.hostKeyUnconfirmed}    no host key was given: the offered fingerprint is printed
  ${EXIT_CODES.awsUnanswered}    AWS did not answer, or refused the call: the state of the transfer is unknown
  ${EXIT_CODES.interrupted}  stopped by Ctrl-C: a local transfer was aborted, one on AWS goes on`;

/** `(default: [])` and `(default: 52428800)` are for programs. */
function describeDefaults(command: Command): void {
  for (const option of command.options) {
    const { defaultValue, flags } = option;
    if (Array.isArray(defaultValue) && defaultValue.length === 0) option.defaultValueDescription = 'none';
    if (typeof defaultValue === 'number' && flags.includes('<size>'))
      option.defaultValueDescription = formatSize(defaultValue).replace(/\.0 /, '').replace(' ', '');
  }
}

/** The command line with all its commands; nothing runs before it is given arguments to parse. */
export function buildProgram(): Command {
  const program = new Command('sftp-to-s3')
    .description(packageJson.description)
    .version(packageJson.version)
    .hook('preAction', (_program, command) => {
      refuseForgottenValues(command);
      applyProfile(command.opts(), process.env);
    })
    .addHelpText('after', EXIT_CODE_HELP)
    .addCommand(transferCommand())
    .addCommand(pullCommand())
    .addCommand(demoCommand())
    .addCommand(checkCommand())
    .addCommand(startCommand())
    .addCommand(resumeCommand())
    .addCommand(watchCommand())
    .addCommand(listCommand())
    .addCommand(historyCommand())
    .addCommand(reportCommand())
    .addCommand(ledgerCommand())
    .addCommand(expectedCommand())
    .addCommand(stopCommand())
    .addCommand(pauseCommand())
    .addCommand(unpauseCommand())
    .addCommand(onboardCommand())
    .addCommand(letterCommand())
    .addCommand(secretCommand())
    .addCommand(validateCommand())
    .addCommand(sandboxCommand())
    .addCommand(completionCommand())
    .showSuggestionAfterError()
    .addHelpText('after', '\nEvery option and every key of --json: docs/command-line.md');
  for (const command of program.commands) {
    describeDefaults(command);
    addExample(command);
  }
  return program;
}
