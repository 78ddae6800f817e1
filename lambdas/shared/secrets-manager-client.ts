import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** A path to Secrets Manager that does not answer a SYN within this will not: the endpoint is in our region. */
export const SECRETS_CONNECT_TIMEOUT_MS = 5_000;
/** For one answer. The SDK has no limit of its own and tries three times; all of it fits into GetFileMetadata's time. */
export const SECRETS_ANSWER_TIMEOUT_MS = 15_000;

/** A client whose every wait is bounded. */
export function createSecretsManagerClient(endpoint?: string): SecretsManagerClient {
  return new SecretsManagerClient({
    ...(endpoint !== undefined && { endpoint }),
    requestHandler: new NodeHttpHandler({
      connectionTimeout: SECRETS_CONNECT_TIMEOUT_MS,
      requestTimeout: SECRETS_ANSWER_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      socketTimeout: SECRETS_ANSWER_TIMEOUT_MS,
    }),
  });
}
