import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import type { PlannedTransfer, TransferRequest } from '../../../transfer/contracts.ts';
import { type FakeAws, startFakeAws } from '../../support/aws/fake-aws.ts';
import { BUCKET } from '../../support/s3/landing-store.ts';
import { PASSWORD, USERNAME } from '../../support/sftp/partner.ts';
import type { PartnerRig } from './partner-rig.ts';

export type StepName =
  | 'get-file-metadata'
  | 'create-file-chunks'
  | 'download-segment'
  | 'complete-upload'
  | 'abort-upload';

/** The deployed functions with the environment that the stack gives them, against a rig's servers. */
export interface Functions {
  aws: FakeAws;
  /** Invokes a function as Lambda does: through JSON. @param remainingMs what is left of its timeout */
  invoke(step: StepName, event: unknown, remainingMs?: number): Promise<unknown>;
  /** What the functions have written to stdout and stderr. */
  logged: string[];
}

export const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:acme/sftp-AbCdEf';
const FULL_TIMEOUT_MS = 120_000;
export const EXECUTION_ARN = 'arn:aws:states:eu-west-1:111122223333:execution:acme:run-1';

/** What GetFileMetadata is invoked with. */
export const metadataEvent = (request: TransferRequest): object => ({ execution_id: EXECUTION_ARN, request });

/** Starts the upload of a planned file, as the workflow's S3 integration does. @returns its id */
export async function createUpload(rig: PartnerRig, file: PlannedTransfer): Promise<string> {
  const command = new CreateMultipartUploadCommand({
    Bucket: file.bucket,
    Key: file.key,
    ChecksumAlgorithm: 'CRC64NVME',
    Metadata: file.object_metadata,
  });
  const { UploadId: uploadId } = await rig.s3.send(command);
  return String(uploadId);
}

/** @param port of the partner's server, when a proxy stands before it */
export async function withFunctions(
  rig: PartnerRig,
  use: (functions: Functions) => Promise<void>,
  port = rig.server.port,
): Promise<void> {
  const aws = await startFakeAws();
  const text = JSON.stringify({ Username: USERNAME, Password: PASSWORD });
  aws.secrets.set(SECRET_ARN, [{ versionId: 'version-1', text }]);
  const environment: Record<string, string> = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_S3: rig.front.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.endpoint,
    AWS_ENDPOINT_URL_SFN: aws.endpoint,
    POWERTOOLS_SERVICE_NAME: 'sftp-to-s3',
    POWERTOOLS_METRICS_NAMESPACE: 'SftpToS3',
    PARTNER_NAME: 'acme',
    SFTP_HOST: rig.server.host,
    SFTP_PORT: String(port),
    SFTP_HOST_KEY_FINGERPRINTS: JSON.stringify([rig.server.hostKeyFingerprint]),
    SFTP_SECRET_ARN: SECRET_ARN,
    LANDING_BUCKET: BUCKET,
    KEY_PREFIX: 'acme',
    CHUNK_SIZE_BYTES: '5242880',
    MAX_CONCURRENCY: '4',
  };
  const before = { ...process.env };
  Object.assign(process.env, environment);
  const logged = recordOutput();
  jest.resetModules(); // the handlers read their environment once
  try {
    await use({
      aws,
      logged,
      async invoke(step, event, remainingMs = FULL_TIMEOUT_MS) {
        const { handler } = (await import(`../../../lambdas/${step}/handler.ts`)) as {
          handler: (event: unknown, context: Context) => Promise<unknown>;
        };
        return handler(JSON.parse(JSON.stringify(event)), contextOf(step, remainingMs));
      },
    });
  } finally {
    jest.restoreAllMocks();
    process.env = before;
    await aws.close();
  }
}

function recordOutput(): string[] {
  const logged: string[] = [];
  const record = (text: unknown): boolean => {
    logged.push(String(text));
    return true;
  };
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation(record);
  }
  jest.spyOn(console, 'log').mockImplementation(record);
  return logged;
}

function contextOf(step: StepName, remainingMs: number): Context {
  const endsAtMs = performance.now() + remainingMs;
  return {
    functionName: `acme-${step}`,
    awsRequestId: 'request-1',
    invokedFunctionArn: `arn:aws:lambda:eu-west-1:111122223333:function:acme-${step}`,
    memoryLimitInMB: '1024',
    getRemainingTimeInMillis: () => Math.round(endsAtMs - performance.now()),
  } as Context;
}
