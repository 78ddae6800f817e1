import { didYouMean } from '../../infra/config/did-you-mean.ts';
import { configurationFile, loadConfiguration } from '../../infra/config/load-configuration.ts';
import { ConfigurationError } from '../../infra/config/mistakes.ts';
import type { Configuration } from '../../infra/config/schema.ts';
import { relativeFile } from '../format/relative-file.ts';
import { UsageError } from '../usage-error.ts';

export interface ConfiguredPartner {
  configuration: Configuration;
  partner: Configuration['partners'][number];
}

/** A partner with all that the configuration file says about it. @throws UsageError */
export function findConfiguredPartner(name: string): ConfiguredPartner {
  const file = configurationFile();
  const configuration = load(file);
  const partner = configuration.partners.find((each) => each.name === name);
  if (partner !== undefined) return { configuration, partner };
  const names = configuration.partners.map((each) => each.name);
  throw new UsageError(
    `${JSON.stringify(name)} is not a partner of ${relativeFile(file)}, which has ${names.join(', ')}` +
      `${didYouMean(name, names)}; SFTP_TO_S3_CONFIG names another configuration`,
  );
}

/** Why a name is not that of a folder of the partner, and which there are. */
export function describeUnknownFolder(
  { name, folders }: ConfiguredPartner['partner'],
  folder: string,
): string {
  const names = folders.map((each) => each.name);
  const known = names.length === 0 ? 'has no folders' : `has ${names.join(', ')}${didYouMean(folder, names)}`;
  return `${JSON.stringify(folder)} is not a folder of ${name}, which ${known}`;
}

function load(file: string): Configuration {
  try {
    return loadConfiguration(file);
  } catch (error) {
    if (error instanceof ConfigurationError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
