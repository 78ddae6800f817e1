import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { functionName } from '../../infra/pipeline/names.ts';
import { toAwsCallError } from './aws-call-error.ts';
import type { AwsLocation } from './step-functions/sfn-client.ts';

const addressesSchema = z.array(z.string());

/**
 * The addresses that a deployed pipeline comes from, as its own functions know them; undefined when it is not deployed.
 * @throws AwsCallError
 */
export async function deployedEgressAddresses(
  pipeline: string,
  { region, endpoint }: AwsLocation,
): Promise<string[] | undefined> {
  const client = new LambdaClient({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
  });
  const name = functionName(pipeline, 'get-file-metadata');
  try {
    const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    return addressesSchema.parse(JSON.parse(Environment?.Variables?.EGRESS_ADDRESSES ?? '[]'));
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw toAwsCallError(
      `GetFunctionConfiguration of ${name}`,
      error,
      `region ${region ?? 'of the AWS configuration'}`,
    );
  } finally {
    client.destroy();
  }
}
