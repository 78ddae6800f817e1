import { type Command, InvalidArgumentError } from 'commander';
import { didYouMean } from '../../infra/config/did-you-mean.ts';
import { REGIONS } from '../../infra/config/regions.ts';
import { addEndpointOption } from './endpoint-option.ts';
import { addProfileOption } from './profile-option.ts';

/** What the options of `addAwsOptions` come to. */
export interface AwsFlags {
  stackName?: string;
  region?: string;
  endpointUrl?: string;
  profile?: string;
}

/** The option of commands about one execution that take a partner as well. */
export function addFoldersOption(command: Command): Command {
  return command.option('--folders', "of a partner: its runs over folders, instead of its files' transfers");
}

/** The options of every command that asks the deployed stack. Credentials come from the SDK's standard chain. */
export function addAwsOptions(command: Command): Command {
  const located = command
    .option('--stack-name <name>', 'the stack, instead of the one that SFTP_TO_S3_CONFIG describes')
    .option(
      '--region <region>',
      "AWS region (default: the ARN's, else the configuration's, else the SDK's)",
      regionName,
    );
  return addProfileOption(
    addEndpointOption(located, 'any endpoint of the AWS services instead of AWS itself'),
  );
}

/** Regions of other partitions, which are not in the list that suggestions come from. */
const OTHER_PARTITIONS = /^(cn|us-gov|us-iso|us-isob|eu-isoe|us-isof|eusc)-/;

/** A commander argument parser: refuses what is hardly a region, and leaves new ones to the SDK. */
function regionName(text: string): string {
  const known: readonly string[] = REGIONS;
  if (known.includes(text) || OTHER_PARTITIONS.test(text)) return text;
  const suggestion = didYouMean(text, known);
  if (suggestion === '' && /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(text)) return text;
  throw new InvalidArgumentError(`It is not a region of AWS${suggestion}`);
}
