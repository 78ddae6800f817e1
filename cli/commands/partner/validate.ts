import { Command } from 'commander';
import { configurationFile, loadConfiguration } from '../../../infra/config/load-configuration.ts';
import { ConfigurationError } from '../../../infra/config/mistakes.ts';
import { warningsOf } from '../../../infra/config/warnings.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { countOf } from '../../format/numbers.ts';
import { relativeFile } from '../../format/relative-file.ts';
import { printLine } from '../../print.ts';

export function validateCommand(): Command {
  return new Command('validate')
    .description(
      'check the configuration file as a deployment does, without CDKTF or AWS: every mistake at once',
    )
    .argument('[file]', 'the file (default: SFTP_TO_S3_CONFIG, else config/example.json)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  npx sftp-to-s3 validate config/production.json')
    .action(validate);
}

function validate(given: string | undefined, flags: { json?: true }): void {
  const path = given ?? configurationFile();
  const file = relativeFile(path);
  try {
    const configuration = loadConfiguration(path);
    const warnings = warningsOf(configuration);
    for (const warning of warnings) process.stderr.write(`Warning: ${warning}\n`);
    const sound = `${file}: sound, ${countOf(configuration.partners.length, 'partner')}`;
    printLine(flags.json ? JSON.stringify({ status: 'SUCCEEDED', file, warnings, mistakes: [] }) : sound);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.exitCode = EXIT_CODES.usage;
    if (!flags.json) {
      process.stderr.write(`${error.message}\n`);
      return;
    }
    const mistakes = error.mistakes.map(({ path: setting, bound }) => ({ setting, bound }));
    const cause = error.message;
    printLine(JSON.stringify({ status: 'FAILED', error: error.name, cause, file, warnings: [], mistakes }));
  }
}
