import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import dynalite from 'dynalite';
import type { KeptUploads } from '../../ledger/kept-uploads.ts';
import { dynamoDbUploads } from '../../ledger/partner-uploads.ts';
import { DAY_MS } from '../../transfer/keep-parts.ts';
import {
  ACME,
  CREDENTIALS,
  execution,
  GLOBEX,
  startDeployedPartners,
} from '../support/aws/deployed-partners.ts';
import type { FakeStepFunctions } from '../support/aws/fake-step-functions.ts';
import { createLedgerTable, localDynamoDb } from '../support/aws/ledger-table.ts';
import { runCommand } from '../support/command-line.ts';
import { BUCKET, type LandingStore, startLandingStore } from '../support/s3/landing-store.ts';
import { startS3FaultFront } from '../support/s3/s3-fault-front.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** What `list` and `stop` say and do about parts that were kept: against a DynamoDB and an S3 that are really there. */

const folder = temporaryDirectory();
const CHUNK_BYTES = 5_242_880;
const KEEP_UNTIL_MS = Date.parse('2036-11-29T02:30:00Z');
const KEY = 'acme/outbound/big.zip';
const table = dynalite({ createTableMs: 0, deleteTableMs: 0 });
let dynamoDb: ReturnType<typeof localDynamoDb>;
let aws: FakeStepFunctions;
let store: LandingStore;
let environment: Record<string, string>;
let tables = 0;

beforeAll(async () => {
  table.listen(0, '127.0.0.1');
  await once(table, 'listening');
  const endpoint = `http://127.0.0.1:${(table.address() as AddressInfo).port}`;
  dynamoDb = localDynamoDb(endpoint);
  environment = { ...CREDENTIALS, AWS_ENDPOINT_URL_DYNAMODB: endpoint };
});
afterAll(() => {
  dynamoDb.destroy();
  table.close();
});

let stack: string;
let acme: string;
beforeEach(async () => {
  aws = await startDeployedPartners();
  store = await startLandingStore(`${folder}/s3-${tables}`);
  // A stack, and so a table, of its own for each test.
  tables += 1;
  stack = `stack-${tables}`;
  acme = ACME.replace('sftp-to-s3-acme', `${stack}-acme`);
  aws.stateMachines = [acme, GLOBEX.replace('sftp-to-s3-globex', `${stack}-globex`)];
  aws.executions.push(execution('failed', { landed: 2, ending: 'failed' }, { machine: acme }));
  await createLedgerTable(dynamoDb, `${stack}-ledger`);
});
afterEach(async () => {
  await store.close();
  await aws.close();
});

const uploadsOf = (partner: string): KeptUploads =>
  dynamoDbUploads({ client: dynamoDb, tableName: `${stack}-ledger`, partner, nowMs: Date.now });
const executionArn = (name: string) => `${acme.replace(':stateMachine:', ':execution:')}:${name}`;

/** Starts an upload with one part, and keeps it as the stack does. */
async function keep({ partner = 'acme', key = KEY, keepUntilMs = KEEP_UNTIL_MS, bytes = CHUNK_BYTES } = {}) {
  const checksum = { ChecksumAlgorithm: 'CRC64NVME' as const };
  const target = { Bucket: BUCKET, Key: key };
  const { UploadId = '' } = await store.s3.send(new CreateMultipartUploadCommand({ ...target, ...checksum }));
  const part = { UploadId, PartNumber: 1, Body: randomBytes(10), ...checksum };
  await store.s3.send(new UploadPartCommand({ ...target, ...part }));
  await uploadsOf(partner).keep({
    uploadId: UploadId,
    bucket: BUCKET,
    key,
    path: '/outbound/big.zip',
    sizeBytes: 4 * CHUNK_BYTES,
    modifiedAt: '2026-11-21T22:00:00.000Z',
    chunkSizeBytes: CHUNK_BYTES,
    chunkCount: 4,
    objectMetadata: {},
    execution: executionArn('failed'),
    startedAtMs: keepUntilMs - 3 * DAY_MS,
    keepUntilMs,
    finishedParts: 1,
    finishedBytes: bytes,
    error: { name: 'SftpConnectionError', message: 'gone' },
  });
  return UploadId;
}

async function written(partner = 'acme') {
  const ids: string[] = [];
  for await (const { uploadId } of uploadsOf(partner).list()) ids.push(uploadId);
  return ids;
}

const run = (args: string[], s3Endpoint = store.endpoint) =>
  runCommand([...args, '--stack-name', stack, '--region', 'eu-central-1'], {
    ...environment,
    AWS_ENDPOINT_URL_SFN: aws.endpoint,
    AWS_ENDPOINT_URL_SCHEDULER: aws.endpoint,
    AWS_ENDPOINT_URL_S3: s3Endpoint,
    AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
  });

describe('list', () => {
  test('shows what is kept, until when, what goes on with it, and what it costs a day', async () => {
    await keep({ bytes: 1024 ** 4 });

    const { exitCode, stdout } = await run(['list', '--status', 'RUNNING']);

    expect(exitCode).toBe(0);
    // 1,024 GiB at 0.023 USD a month of 730 hours: docs/cost.md.
    expect(stdout.split('\n')).toEqual([
      'No transfers.',
      '',
      'Kept parts of 1 transfer, as S3 had them at the last failure: 1.0 TiB, about 0.7743 USD a day by the list price of us-east-1.',
      expect.stringMatching(/^KEPT UNTIL \(UTC\) +PARTNER +PARTS +SIZE +USD A DAY +TARGET +EXECUTION$/),
      expect.stringMatching(
        /^2036-11-29 02:30:00 {2}acme +1 of 4 +1\.0 TiB +0\.7743 +s3:\/\/landing\/acme\/outbound\/big\.zip +acme\/failed$/,
      ),
      'To go on: npx sftp-to-s3 resume <execution>. To remove them: npx sftp-to-s3 stop <execution>.',
      '',
    ]);
  });

  test('as JSON, of all partners: what is removed first comes first; and says who goes on with it', async () => {
    const late = await keep();
    const over = await keep({
      partner: 'globex',
      key: 'globex/old.zip',
      keepUntilMs: Date.parse('2026-01-01T00:00:00Z'),
    });
    const claim = { execution: executionArn('resuming'), sinceMs: Date.now() };
    await uploadsOf('acme').claim({ uploadId: late, claim });

    const { json, stderr } = await run(['list', '--json']);
    const table = await run(['list']);

    expect(stderr).not.toContain('not known');
    expect((json() as { kept: object[] }).kept).toEqual([
      expect.objectContaining({
        partner: 'globex',
        upload_id: over,
        keep_until: '2026-01-01T00:00:00.000Z',
        claimed_by: null,
      }),
      {
        execution: executionArn('resuming'),
        partner: 'acme',
        bucket: BUCKET,
        key: KEY,
        path: '/outbound/big.zip',
        upload_id: late,
        parts: 1,
        chunks: 4,
        bytes: CHUNK_BYTES,
        keep_until: '2036-11-29T02:30:00.000Z',
        usd_per_day: 0,
        claimed_by: executionArn('resuming'),
      },
    ]);
    expect(json()).not.toHaveProperty('kept_unknown');
    expect(table.stdout).toMatch(/acme\/resuming +being resumed/);
    expect(table.stdout).toMatch(/globex\/old\.zip .*its time is over/);
  });

  test('nothing kept: no word of it; a table that cannot be read is said, and hides no transfer', async () => {
    const nothing = await run(['list']);
    expect(nothing.stdout).toContain('acme/failed');
    expect(nothing.stdout).not.toContain('Kept parts');
    expect((await run(['list', '--json'])).json()).toMatchObject({ kept: [] });

    const blind = await runCommand(
      ['list', 'acme', '--json', '--stack-name', stack, '--region', 'eu-central-1'],
      {
        ...environment,
        AWS_ENDPOINT_URL_DYNAMODB: aws.endpoint,
        AWS_ENDPOINT_URL_SFN: aws.endpoint,
        AWS_ENDPOINT_URL_SCHEDULER: aws.endpoint,
      },
    );
    expect(blind.exitCode).toBe(0);
    expect(blind.stderr).toContain('acme: which parts are kept is not known: ');
    expect(blind.json()).toMatchObject({
      transfers: [{ partner: 'acme' }],
      kept: [],
      kept_unknown: ['acme'],
    });
  });
});

describe('stop of a transfer that failed and kept its parts', () => {
  test('removes them: S3 has no such upload any more, and nothing is kept', async () => {
    const uploadId = await keep();

    const { exitCode, json } = await run(['stop', 'acme/failed', '--json']);

    expect(exitCode).toBe(0);
    expect(json()).toEqual({
      status: 'FAILED',
      execution: executionArn('failed'),
      was_running: false,
      cleanup: 'proved',
      bucket: BUCKET,
      key: KEY,
      upload_id: uploadId,
      kept_parts: 1,
      kept_bytes: CHUNK_BYTES,
    });
    expect(await store.openUploads()).toEqual([]);
    expect(await written()).toEqual([]);
    expect(aws.calls.some(({ action }) => action === 'StopExecution')).toBe(false);
  });

  test('says so for people', async () => {
    await keep();
    const { stdout } = await run(['stop', 'acme/failed', '--no-wait']);
    expect(stdout).toBe(
      'It was over already: FAILED. Its kept parts, 1 of 4 (5.0 MiB), are removed: its multipart upload is gone from S3, and nothing can be resumed.\n',
    );
  });

  test('does nothing while another execution goes on with them; and removes them once that is over', async () => {
    const uploadId = await keep();
    aws.executions.push(execution('resuming', { landed: 1, ending: 'running' }, { machine: acme }));
    const claim = { execution: executionArn('resuming'), sinceMs: Date.now() };
    await uploadsOf('acme').claim({ uploadId, claim });

    const refused = await run(['stop', 'acme/failed']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(
      `${executionArn('resuming')} goes on with its kept parts: stop that one`,
    );
    expect(await store.openUploads()).toEqual([uploadId]);

    aws.executions.pop();
    const done = await run(['stop', 'acme/failed', '--json']);
    expect(done.json()).toMatchObject({ cleanup: 'proved', kept_parts: 1 });
    expect(await store.openUploads()).toEqual([]);
    expect(await written()).toEqual([]);
  });

  test('S3 refuses the abort: exit 1, the parts stay kept, and can be resumed at once', async () => {
    const uploadId = await keep();
    const front = await startS3FaultFront(store.endpoint, ({ operation }) =>
      operation === 'AbortMultipartUpload'
        ? { what: 'refuse', status: 400, code: 'InvalidRequest' }
        : undefined,
    );
    try {
      const { exitCode, stdout } = await run(['stop', 'acme/failed'], front.endpoint);
      expect(exitCode).toBe(1);
      expect(stdout).toContain('The cleanup is not proved: ');
      expect(stdout).toContain(
        'The stack removes kept parts after 2036-11-29 02:30:00 UTC. To do it by hand:',
      );
      expect(stdout).toContain(`--upload-id '${uploadId}'`);
    } finally {
      await front.close();
    }
    expect(await store.openUploads()).toEqual([uploadId]);
    const answer = await uploadsOf('acme').claim({
      uploadId,
      claim: { execution: 'e', sinceMs: Date.now() },
    });
    expect(answer.claimed).toBe(true);
  });
});
