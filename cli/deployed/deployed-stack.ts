import { configurationFile, loadConfiguration } from '../../infra/config/load-configuration.ts';
import { ConfigurationError } from '../../infra/config/mistakes.ts';
import { UsageError } from '../usage-error.ts';

/** What it takes to find a stack's parts in AWS. */
export interface DeployedStack {
  name: string;
  /** Undefined: what the SDK's standard chain finds. */
  region: string | undefined;
  /** Undefined when the stack was named on the command line: then any name may be a partner. */
  partners: readonly string[] | undefined;
}

/**
 * The stack of `--stack-name`, else the one that the configuration file describes, found as `cdktf deploy` finds it.
 * @throws UsageError
 */
export function findStack(stackName: string | undefined): DeployedStack {
  if (stackName !== undefined) return { name: stackName, region: undefined, partners: undefined };
  try {
    const { name, region, partners } = loadConfiguration(configurationFile());
    return { name, region, partners: partners.map((partner) => partner.name) };
  } catch (error) {
    if (error instanceof ConfigurationError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
