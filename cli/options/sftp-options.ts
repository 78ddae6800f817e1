import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { SftpCredentials, SftpServerSettings } from '../../sftp/settings.ts';
import { DEFAULT_CONNECT_TIMEOUT_SECONDS, DEFAULT_LOGIN_TIMEOUT_SECONDS } from '../../transfer/defaults.ts';
import { MAX_CONNECT_TIMEOUT_SECONDS, MAX_LOGIN_TIMEOUT_SECONDS } from '../../transfer/limits.ts';
import { UsageError } from '../usage-error.ts';
import { countBetween } from './transfer-options.ts';
import type { SftpUrl } from './urls.ts';

/** What the options of `addSftpOptions` come to. */
export interface SftpFlags {
  identityFile?: string;
  identityPassphraseEnv?: string;
  passwordEnv?: string;
  hostKey: string[];
  legacyAlgorithm: string[];
  connectTimeout: number;
  loginTimeout: number;
}

const collect = (value: string, earlier: string[]): string[] => [...earlier, value];

const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}$/;

/** A commander argument parser: `ssh-keygen` writes no padding, other programs do. */
export function collectFingerprints(value: string, earlier: string[]): string[] {
  const fingerprint = value.trim().replace(/=$/, '');
  if (FINGERPRINT.test(fingerprint)) return [...earlier, fingerprint];
  throw new InvalidArgumentError('It must be SHA256: and 43 characters, as ssh-keygen -lf shows it.');
}

/** The options of every command that logs in to the server of an SFTP URL. */
export function addSftpOptions(command: Command): Command {
  return command
    .option(
      '--host-key <fingerprint>',
      'pinned host key as SHA256:…, repeatable; without it, prints what is offered',
      collectFingerprints,
      [],
    )
    .option('--identity-file <file>', 'private key to log in with')
    .option(
      '--identity-passphrase-env <name>',
      "environment variable that holds the private key's passphrase",
    )
    .option('--password-env <name>', 'environment variable that holds the password')
    .option(
      '--legacy-algorithm <name>',
      'allow an old SSH algorithm, repeatable; ssh-rsa is SHA-1 for host keys and for an RSA key of yours',
      collect,
      [],
    )
    .option(
      '--connect-timeout <seconds>',
      'from the first packet to a TCP connection, for each address of the host',
      countBetween(1, MAX_CONNECT_TIMEOUT_SECONDS),
      DEFAULT_CONNECT_TIMEOUT_SECONDS,
    )
    .option(
      '--login-timeout <seconds>',
      'from the TCP connection to the open SFTP session',
      countBetween(1, MAX_LOGIN_TIMEOUT_SECONDS),
      DEFAULT_LOGIN_TIMEOUT_SECONDS,
    );
}

/** The server of the URL, trusted by the pinned keys. */
export function sftpSettings(
  url: Pick<SftpUrl, 'host' | 'port'>,
  flags: SftpFlags,
  credentials: SftpCredentials,
): SftpServerSettings {
  return {
    host: url.host,
    port: url.port,
    isUnknownHostFinal: true,
    hostKeyFingerprints: flags.hostKey,
    legacyAlgorithms: flags.legacyAlgorithm,
    connectTimeoutMs: flags.connectTimeout * 1_000,
    loginTimeoutMs: flags.loginTimeout * 1_000,
    credentials: async () => credentials,
  };
}

/** Reads key and password from where the options say. @throws UsageError */
export async function readCredentials(
  username: string,
  flags: Pick<SftpFlags, 'identityFile' | 'identityPassphraseEnv' | 'passwordEnv'>,
): Promise<SftpCredentials> {
  if (flags.passwordEnv === undefined && flags.identityFile === undefined) {
    throw new UsageError('give --identity-file FILE or --password-env NAME, or both');
  }
  const passphraseEnv = flags.identityPassphraseEnv;
  return {
    username,
    ...(flags.passwordEnv === undefined
      ? {}
      : { password: readSecretVariable('--password-env', flags.passwordEnv) }),
    ...(flags.identityFile === undefined ? {} : { privateKey: await readIdentity(flags.identityFile) }),
    ...(passphraseEnv === undefined
      ? {}
      : { privateKeyPassphrase: readSecretVariable('--identity-passphrase-env', passphraseEnv) }),
  };
}

function readSecretVariable(option: string, name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new UsageError(
      `${option} names no environment variable that is set; the name is not shown, as it may be the secret itself`,
    );
  }
  return value;
}

async function readIdentity(file: string): Promise<string> {
  if (file.includes('PRIVATE KEY')) {
    throw new UsageError('--identity-file must name the file of the key; it was given the key itself');
  }
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--identity-file ${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
