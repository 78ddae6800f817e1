import { Command } from 'commander';
import { secretName } from '../../../infra/pipeline/names.ts';
import type { SftpCredentials } from '../../../sftp/settings.ts';
import { Ssh2SftpServer } from '../../../sftp/sftp-server.ts';
import { SftpConnectionError } from '../../../transfer/errors.ts';
import { type ConfiguredPartner, findConfiguredPartner } from '../../deployed/configured-partner.ts';
import { putSecret, secretText } from '../../deployed/secrets/put-secret.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { type AwsFlags, addAwsOptions } from '../../options/aws-options.ts';
import { readCredentials } from '../../options/sftp-options.ts';
import { printLine } from '../../print.ts';
import { onInterrupt } from '../../process/interrupt.ts';
import { ask } from '../../terminal/ask.ts';

interface SecretFlags extends AwsFlags {
  user?: string;
  identityFile?: string;
  identityPassphraseEnv?: string;
  passwordEnv?: string;
  /** False after `--no-login`. */
  login: boolean;
}

export function secretCommand(): Command {
  const command = new Command('secret')
    .description("store our login to a partner's server, after it was tried; no value is ever shown")
    .argument('<partner>', 'a partner of the configuration')
    .option('--user <name>', 'user name (asked for on a terminal)')
    .option('--identity-file <file>', 'private key to log in with')
    .option(
      '--identity-passphrase-env <name>',
      "environment variable that holds the private key's passphrase",
    )
    .option('--password-env <name>', 'environment variable that holds the password (asked for without a key)')
    .option('--no-login', "store it untried: where this machine's address is not allowed at the partner")
    .addHelpText(
      'after',
      '\nExample:\n  npx sftp-to-s3 secret acme --user ours --identity-file ~/.ssh/acme_ed25519',
    );
  return addAwsOptions(command).action(secret);
}

async function secret(name: string, flags: SecretFlags): Promise<void> {
  const found = findConfiguredPartner(name);
  const { configuration, partner } = found;
  const credentials = await collectCredentials(flags);
  if (flags.login) await tryLogin(found, credentials);
  const secretId = secretName(flags.stackName ?? configuration.name, partner.name);
  const region = flags.region ?? configuration.region;
  const version = await putSecret(secretId, credentials, { region, endpoint: flags.endpointUrl });
  const keys = Object.keys(JSON.parse(secretText(credentials))).join(', ');
  printLine(`Stored in ${secretId}: ${keys} (version ${version}).`);
  printLine(`See it work from the deployed network: npx sftp-to-s3 check ${name}`);
  process.exitCode = EXIT_CODES.ok;
}

async function collectCredentials(flags: SecretFlags): Promise<SftpCredentials> {
  const username = flags.user ?? (await ask('User name at the partner:', '--user'));
  if (flags.identityFile !== undefined || flags.passwordEnv !== undefined)
    return readCredentials(username, flags);
  const option = '--password-env NAME or --identity-file FILE';
  return { username, password: await ask(`Password of ${username}:`, option, { hidden: true }) };
}

/** Logs in once. @throws what the login comes to; nothing is stored then */
async function tryLogin({ partner }: ConfiguredPartner, credentials: SftpCredentials): Promise<void> {
  const server = new Ssh2SftpServer({
    host: partner.host,
    port: partner.port,
    hostKeyFingerprints: partner.hostKeyFingerprints,
    legacyAlgorithms: partner.legacyAlgorithms,
    connectTimeoutMs: partner.connectTimeoutSeconds * 1_000,
    loginTimeoutMs: partner.loginTimeoutSeconds * 1_000,
    credentials: async () => credentials,
  });
  const interrupt = onInterrupt('Stopped. Nothing was stored.');
  try {
    const session = await server.connect(interrupt.signal);
    await session.end();
    process.stderr.write(`${partner.host}:${partner.port} accepted the login.\n`);
  } catch (error) {
    process.stderr.write('Nothing was stored.\n');
    if (error instanceof SftpConnectionError)
      process.stderr.write(
        'If the partner allows the addresses of the stack only, store it with --no-login and run check.\n',
      );
    throw error;
  } finally {
    interrupt.release();
  }
}
