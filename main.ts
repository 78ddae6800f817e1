import path from 'node:path';
import { App } from 'cdktf';
import { loadConfiguration } from './infra/config/load-configuration.ts';
import { ConfigurationError } from './infra/config/mistakes.ts';
import { warningsOf } from './infra/config/warnings.ts';
import { TransferStack } from './infra/transfer-stack.ts';

const configurationFile =
  process.env.SFTP_TO_S3_CONFIG ?? path.join(import.meta.dirname, 'config/example.json');

try {
  const configuration = loadConfiguration(configurationFile);
  for (const warning of warningsOf(configuration)) process.stderr.write(`Warning: ${warning}\n`);
  const app = new App({ stackTraces: false });
  new TransferStack(app, configuration);
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
