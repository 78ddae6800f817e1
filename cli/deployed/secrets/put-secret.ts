import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { SftpCredentials } from '../../../sftp/settings.ts';
import { UsageError } from '../../usage-error.ts';
import { AwsCallError, toAwsCallError } from '../aws-call-error.ts';
import type { AwsLocation } from '../step-functions/sfn-client.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 15_000;

/**
 * Stores a login as the new value of a partner's secret; the one before it stays as the previous version.
 * @returns the id of the version
 * @throws UsageError when there is no such secret; AwsCallError
 */
export async function putSecret(
  secretId: string,
  credentials: SftpCredentials,
  { region, endpoint }: AwsLocation,
): Promise<string> {
  const client = new SecretsManagerClient({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: ANSWER_TIMEOUT_MS,
    }),
  });
  try {
    const command = new PutSecretValueCommand({ SecretId: secretId, SecretString: secretText(credentials) });
    const { VersionId } = await client.send(command);
    return String(VersionId);
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'ResourceNotFoundException') {
      throw new UsageError(
        `there is no secret ${secretId} in ${region ?? 'the region of the AWS configuration'}; deploy the stack first`,
      );
    }
    // The SDK's error is not kept as cause: its fields may quote what was sent.
    const { message: shown, transient } = toAwsCallError(
      'PutSecretValue',
      withoutFields(error, name, message),
    );
    throw new AwsCallError(shown, transient);
  } finally {
    client.destroy();
  }
}

/** The keys that AWS Transfer Family's connectors use. */
export function secretText({
  username,
  password,
  privateKey,
  privateKeyPassphrase,
}: SftpCredentials): string {
  return JSON.stringify({
    Username: username,
    ...(password !== undefined && { Password: password }),
    ...(privateKey !== undefined && { PrivateKey: privateKey }),
    ...(privateKeyPassphrase !== undefined && { PrivateKeyPassphrase: privateKeyPassphrase }),
  });
}

function withoutFields(error: unknown, name: string, message: string): Error {
  const { code, $metadata } = error as { code?: string; $metadata?: object };
  return Object.assign(new Error(message), { name, ...(code && { code }), ...($metadata && { $metadata }) });
}
