import type { Command } from 'commander';

/** The option of every command that asks AWS. */
export function addProfileOption(command: Command): Command {
  return command.option('--profile <name>', 'profile of the AWS configuration (default: AWS_PROFILE)');
}

/**
 * Lets every AWS client of this process use the profile that a command was given: the SDK reads the variable for
 * credentials and region alike, and prefers it to keys in the environment.
 */
export function applyProfile(flags: { profile?: string }, environment: NodeJS.ProcessEnv): void {
  if (flags.profile !== undefined) environment.AWS_PROFILE = flags.profile;
}
