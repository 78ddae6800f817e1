import { configurationFile, loadConfiguration } from '../../infra/config/load-configuration.ts';
import { ConfigurationError } from '../../infra/config/mistakes.ts';
import { relativeFile } from '../format/relative-file.ts';
import { UsageError } from '../usage-error.ts';

/** What it takes to find a stack's parts in AWS. */
export interface DeployedStack {
  name: string;
  /** Undefined: what the SDK's standard chain finds. */
  region: string | undefined;
  /** Undefined when the stack was named on the command line: then any name may be a partner. */
  partners: readonly string[] | undefined;
  /** The configuration file, as a user would name it; undefined when the stack was named on the command line. */
  file: string | undefined;
}

/**
 * The stack of `--stack-name`, else the one that the configuration file describes, found as `cdktf deploy` finds it.
 * @throws UsageError
 */
export function findStack(stackName: string | undefined): DeployedStack {
  if (stackName !== undefined)
    return { name: stackName, region: undefined, partners: undefined, file: undefined };
  try {
    const file = configurationFile();
    const { name, region, partners } = loadConfiguration(file);
    return { name, region, partners: partners.map((partner) => partner.name), file: relativeFile(file) };
  } catch (error) {
    if (error instanceof ConfigurationError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
