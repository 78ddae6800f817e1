import { App } from 'cdktf';
import { configurationFile, loadConfiguration } from './infra/config/load-configuration.ts';
import { ConfigurationError } from './infra/config/mistakes.ts';
import { warningsOf } from './infra/config/warnings.ts';
import { TransferStack } from './infra/transfer-stack.ts';

try {
  const configuration = loadConfiguration(configurationFile());
  for (const warning of warningsOf(configuration)) process.stderr.write(`Warning: ${warning}\n`);
  const app = new App({ stackTraces: false });
  new TransferStack(app, configuration);
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
