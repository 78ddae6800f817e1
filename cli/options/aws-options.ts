import type { Command } from 'commander';

/** What the options of `addAwsOptions` come to. */
export interface AwsFlags {
  stackName?: string;
  region?: string;
  endpointUrl?: string;
}

/** The options of every command that asks the deployed stack. Credentials come from the SDK's standard chain. */
export function addAwsOptions(command: Command): Command {
  return command
    .option('--stack-name <name>', 'the stack, instead of the one that SFTP_TO_S3_CONFIG describes')
    .option('--region <region>', "AWS region (default: the ARN's, else the configuration's, else the SDK's)")
    .option('--endpoint-url <url>', 'any endpoint of the AWS services instead of AWS itself');
}
