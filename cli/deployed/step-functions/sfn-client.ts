import { SFNClient } from '@aws-sdk/client-sfn';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** The SDK waits longer after each; throttling passes within these. */
const MAX_ATTEMPTS = 6;
const CONNECT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 30_000;

/** Where AWS is asked; what is undefined, the SDK's standard chain finds. */
export interface AwsLocation {
  region: string | undefined;
  endpoint: string | undefined;
}

/** A Step Functions client that gives up on a silent line. Its owner calls `destroy`. */
export function createSfnClient({ region, endpoint }: AwsLocation): SFNClient {
  return new SFNClient({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: ANSWER_TIMEOUT_MS,
    }),
  });
}
