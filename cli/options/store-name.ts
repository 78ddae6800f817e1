import { configuredEndpoint } from '../../s3/configured-endpoint.ts';

/**
 * Distinguishes the stores in files on this machine: a key in one store says nothing of the same key in another.
 * @returns the endpoint that was given or that the SDK finds, else `aws`: a bucket's name is one bucket's there
 */
export async function storeName({ endpointUrl }: { endpointUrl?: string }): Promise<string> {
  return endpointUrl ?? (await configuredEndpoint()) ?? 'aws';
}
