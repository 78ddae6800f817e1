import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { execution, startDeployedPartners } from '../support/aws/deployed-partners.ts';
import type { FakeExecution, FakeStepFunctions } from '../support/aws/fake-step-functions.ts';
import { runCommand } from '../support/command-line.ts';
import { BUCKET, type LandingStore, startLandingStore } from '../support/s3/landing-store.ts';

let aws: FakeStepFunctions;

beforeEach(async () => {
  aws = await startDeployedPartners();
});

afterEach(() => aws.close());

describe('stop', () => {
  let folder: string;
  let store: LandingStore;
  let running: FakeExecution;
  let upload: { Bucket: string; Key: string; UploadId: string };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sftp-to-s3-stop-'));
    store = await startLandingStore(join(folder, 's3'));
    const target = { Bucket: BUCKET, Key: 'acme/outbound/big.zip' };
    const checksum = { ChecksumAlgorithm: 'CRC64NVME' as const };
    const created = await store.s3.send(new CreateMultipartUploadCommand({ ...target, ...checksum }));
    upload = { ...target, UploadId: String(created.UploadId) };
    const part = { PartNumber: 1, Body: randomBytes(10), ...checksum };
    await store.s3.send(new UploadPartCommand({ ...upload, ...part }));
    running = execution('nightly', { landed: 1, ending: 'running' });
    for (const event of running.events) {
      if (event.taskSucceededEventDetails) event.taskSucceededEventDetails.output = JSON.stringify(upload);
    }
    aws.executions.push(running);
  });

  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** With an endpoint for each service. */
  const stop = (...args: string[]) =>
    runCommand(['stop', ...args], {
      ...store.environment,
      AWS_ENDPOINT_URL_SFN: aws.endpoint,
      AWS_ENDPOINT_URL_S3: store.endpoint,
    });

  test('stops the transfer, and waits until its upload is aborted', async () => {
    aws.refuse = (action) => {
      // What the stack's rule does on AWS.
      if (action === 'StopExecution') {
        setTimeout(() => void store.s3.send(new AbortMultipartUploadCommand(upload)), 1_000);
      }
      return undefined;
    };

    const result = await stop('acme', '--cause', 'wrong file', '--json');

    expect(result.exitCode).toBe(0);
    expect(result.json()).toEqual({
      status: 'ABORTED',
      execution: running.description.executionArn,
      was_running: true,
      cleanup: 'proved',
      bucket: BUCKET,
      key: upload.Key,
      upload_id: upload.UploadId,
    });
    expect(running.description).toMatchObject({ error: 'Stopped', cause: 'wrong file' });
    expect(await store.openUploads()).toEqual([]);
  });

  test('an upload that nobody aborts is told, with the command that does, and exit 1', async () => {
    const result = await stop('acme', '--timeout', '1');

    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain(
      'Stopped. The cleanup is not proved: after 1 s the upload still has 1 part\n',
    );
    expect(result.stdout).toContain(
      `aws s3api abort-multipart-upload --bucket ${BUCKET} --key '${upload.Key}'`,
    );
  });

  test('--no-wait only stops', async () => {
    const result = await stop('acme', '--no-wait', '--json');

    expect(result.exitCode).toBe(0);
    expect(result.json()).toMatchObject({ status: 'ABORTED', cleanup: 'not-awaited' });
  });

  test('a transfer that is over already is not stopped, but looked after', async () => {
    Object.assign(running.description, { status: 'SUCCEEDED' });
    await store.s3.send(new AbortMultipartUploadCommand(upload));

    const result = await stop(String(running.description.executionArn), '--json');

    expect(result.json()).toMatchObject({ status: 'SUCCEEDED', was_running: false, cleanup: 'proved' });
    expect(aws.calls.some(({ action }) => action === 'StopExecution')).toBe(false);
  });

  test('of several running transfers none is stopped', async () => {
    aws.executions.push(execution('second', { landed: 1, ending: 'running' }));

    const result = await stop('acme');

    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('several transfers of acme are running; name one of them:');
    expect(aws.calls.some(({ action }) => action === 'StopExecution')).toBe(false);
  });
});
