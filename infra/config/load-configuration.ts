import { join } from 'node:path';
import { accountRules } from './account-rules.ts';
import { ConfigurationError, type Mistake, mistakesOf } from './mistakes.ts';
import { existingNetworkRules } from './network/existing-network-rules.ts';
import { networkRules } from './network/network-rules.ts';
import { expectationRules } from './partner/expectation-rules.ts';
import { folderRules } from './partner/folder-rules.ts';
import { partnerRules } from './partner/partner-rules.ts';
import { parseJsonText, readConfigurationText } from './read-json-file.ts';
import { scheduleRules } from './schedules/schedule-rules.ts';
import { type Configuration, configurationSchema } from './schema.ts';
import { sizeRules } from './size-rules.ts';

const EXAMPLE_FILE = join(import.meta.dirname, '../../config/example.json');

/** The file that `SFTP_TO_S3_CONFIG` names, for deploying and for finding what was deployed. @default config/example.json */
export function configurationFile(): string {
  return process.env.SFTP_TO_S3_CONFIG || EXAMPLE_FILE;
}

/**
 * Reads the configuration file: checked, defaults filled, frozen.
 * @throws ConfigurationError naming every mistake in it, not only the first.
 */
export function loadConfiguration(file: string): Configuration {
  return parseConfiguration(parseJsonText(readConfigurationText(file), file), file);
}

/** `file` only names the configuration in messages. @throws ConfigurationError */
export function parseConfiguration(raw: unknown, file: string): Configuration {
  const parsed = configurationSchema.safeParse(raw, { reportInput: true });
  const mistakes: Mistake[] = [
    ...(parsed.success ? [] : mistakesOf(parsed.error)),
    ...[
      ...networkRules,
      ...existingNetworkRules,
      ...accountRules,
      ...partnerRules,
      ...scheduleRules,
      ...folderRules,
      ...expectationRules,
      ...sizeRules,
    ].flatMap((rule) => rule(raw)),
  ];
  if (!parsed.success || mistakes.length > 0) throw new ConfigurationError(file, mistakes);
  return deepFreeze(parsed.data);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
