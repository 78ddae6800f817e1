import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { readSftpSettings } from '../env.ts';
import type { SftpSource } from '../ports.ts';
import { SecretsManagerCredentials } from './secrets-manager-credentials.ts';
import { Ssh2SftpSource } from './sftp/sftp-source.ts';

/** The partner's server as the function's environment describes it, logged in to with the partner's secret. */
export function createPartnerSource(
  settings: ReturnType<typeof readSftpSettings> & { connectJitterMs?: number },
): SftpSource {
  const { secretArn, ...connection } = settings;
  const credentials = new SecretsManagerCredentials(new SecretsManagerClient(), secretArn);
  return new Ssh2SftpSource({ ...connection, credentials: () => credentials.current() });
}
