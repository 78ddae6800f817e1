import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import type { NodeHttpHandler } from '@smithy/node-http-handler';

type HttpRequest = Parameters<NodeHttpHandler['handle']>[0];

/** The host of every endpoint of AWS's own, interface endpoints of a VPC among them. */
const AWS_HOST = /(^|\.)amazonaws\.[a-z.]+$/;

/** Only the host matters, and whether it is the same with and without configuration. */
const ANY_REGION = 'us-east-1';

/**
 * The endpoint that the SDK's standard chain finds for S3, where it is not AWS's own: AWS_ENDPOINT_URL_S3,
 * AWS_ENDPOINT_URL, or `endpoint_url` of the profile. Sends nothing.
 * @returns a URL without a slash at its end; undefined for AWS
 */
export async function configuredEndpoint(): Promise<string | undefined> {
  const configured = await endpointAsked({});
  const { hostname } = new URL(configured);
  if (AWS_HOST.test(hostname)) return undefined;
  return configured === (await endpointAsked({ ignoreConfiguredEndpointUrls: true }))
    ? undefined
    : configured;
}

/** Where a request would go. The SDK has no call for that, so one is made and not sent. */
async function endpointAsked(config: { ignoreConfiguredEndpointUrls?: boolean }): Promise<string> {
  let asked: URL | undefined;
  const client = new S3Client({
    ...config,
    region: ANY_REGION,
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
    requestHandler: {
      handle: ({ protocol, hostname, port, path }: HttpRequest) => {
        asked = new URL(path, `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`);
        return Promise.reject(new Error('not sent'));
      },
    },
  });
  const failure = await client.send(new ListBucketsCommand({})).catch((error: unknown) => error);
  client.destroy();
  if (asked === undefined) throw failure;
  return asked.origin + asked.pathname.replace(/\/+$/, '');
}
