import { mkdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { GetObjectCommand, ListMultipartUploadsCommand, ListPartsCommand } from '@aws-sdk/client-s3';
import { createDynamoDbClient } from '../../ledger/dynamodb/dynamodb-client.ts';
import { findKeptUpload, type KeptUploads } from '../../ledger/kept-uploads.ts';
import { dynamoDbUploads } from '../../ledger/partner-uploads.ts';
import { hashFile, hashStream, writeSampleFile } from '../../local/sample-file.ts';
import { type EmbeddedSftpServer, startSftpServer } from '../../local/sftp-server/sftp-server.ts';
import { runCommand } from '../support/command-line.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { Deployment, REGION } from './rig/deployment.ts';
import { type Emulator, startEmulator } from './rig/emulator.ts';
import { endOfExecution, eventually, startExecution } from './rig/executions.ts';
import { type Grant, grantsIn, isUsed, refusedCalls } from './rig/granted.ts';
import { findTools } from './rig/tools.ts';

const { tools, missing } = findTools();
const MIB = 1024 ** 2;
const CHUNK_BYTES = 5 * MIB;
/** One worker plans segments of four, two, one and one chunks; the first two segments are let through. */
const CHUNKS = 8;
const LANDED_CHUNKS = 6;
const SAMPLE_CHUNKS = 3;
const STACK = 'kept';
const PARTNER = 'acme';
const KEY = 'acme/big.bin';
const END_TIMEOUT_MS = 120_000;

/** Parts of a transfer that failed, on the deployed stack: kept, gone on with, stopped, and removed when their time is over. */
describeUnless(missing, 'kept parts, by the real Terraform in an emulated AWS', () => {
  const folder = temporaryDirectory();
  const file = path.join(folder, 'outbound', 'big.bin');
  const partner = { isCut: false, bytesServed: 0 };
  let server: EmbeddedSftpServer;
  let emulator: Emulator;
  let deployment: Deployment;
  let landingBucket: string;
  let stateMachineArn: string;
  let grants: Grant[];
  let uploads: KeptUploads;
  let closeTable: () => void;
  let failures = 0;

  beforeAll(async () => {
    if (tools === undefined) return;
    mkdirSync(path.dirname(file));
    await writeSampleFile(file, CHUNKS * CHUNK_BYTES);
    const login = { Username: 'ours', Password: 'correct horse battery staple' };
    server = await startSftpServer({
      rootDirectory: path.dirname(file),
      username: login.Username,
      password: login.Password,
      hooks: {
        async read({ lengthBytes, offsetBytes }, read) {
          if (partner.isCut && offsetBytes >= LANDED_CHUNKS * CHUNK_BYTES) {
            // moto works at all segments at once, whatever MaxConcurrency says.
            await eventually(END_TIMEOUT_MS, 'the parts that land', async () =>
              (await partsInS3()) === LANDED_CHUNKS ? true : undefined,
            );
            throw Object.assign(new Error('cut'), { code: 'EACCES' });
          }
          const bytes = await read(lengthBytes);
          partner.bytesServed += bytes?.length ?? 0;
          return bytes;
        },
      },
    });
    emulator = await startEmulator(tools.python, folder);
    deployment = new Deployment(tools, emulator, folder);
    const terraform = await deployment.synthesise(configuration());
    await terraform.apply();
    expect(await terraform.plan()).toEqual([]);
    const outputs = (await terraform.outputs()) as {
      landing_bucket: string;
      state_machine_arns: { acme: string };
    };
    landingBucket = outputs.landing_bucket;
    stateMachineArn = outputs.state_machine_arns.acme;
    grants = grantsIn(await terraform.resources());
    await deployment.putSecret(`${STACK}/${PARTNER}/sftp`, login);
    const client = createDynamoDbClient({
      endpoint: emulator.endpoint,
      region: REGION,
      credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
    });
    closeTable = () => client.destroy();
    uploads = dynamoDbUploads({ client, tableName: `${STACK}-ledger`, partner: PARTNER, nowMs: Date.now });
  });

  afterAll(async () => {
    closeTable?.();
    deployment?.close();
    await emulator?.stop();
    await server?.close();
  });

  const configuration = () => ({
    name: STACK,
    region: REGION,
    network: { availabilityZones: [`${REGION}a`] },
    partners: [
      {
        name: PARTNER,
        host: '127.0.0.1',
        port: server.port,
        hostKeyFingerprints: [server.hostKeyFingerprint],
        allowedCidrs: ['127.0.0.0/8'],
        maxSessions: 8,
        maxConcurrency: 1,
        chunkSizeBytes: CHUNK_BYTES,
        keepPartsDays: 3,
      },
    ],
  });

  const command = (...args: string[]) =>
    runCommand(
      [...args, '--stack-name', STACK, '--region', REGION, '--endpoint-url', emulator.endpoint, '--json'],
      { AWS_ACCESS_KEY_ID: 'emulated', AWS_SECRET_ACCESS_KEY: 'emulated' },
    );

  const openUploads = async () => {
    const { Uploads = [] } = await deployment.s3.send(
      new ListMultipartUploadsCommand({ Bucket: landingBucket }),
    );
    return Uploads.map(({ Key }) => Key);
  };

  const partsInS3 = async () => {
    const Bucket = landingBucket;
    const { Uploads = [] } = await deployment.s3.send(new ListMultipartUploadsCommand({ Bucket }));
    const { Key, UploadId } = Uploads[0] ?? {};
    const { Parts = [] } = await deployment.s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
    return Parts.length;
  };

  const landedHash = async () => {
    const { Body } = await deployment.s3.send(new GetObjectCommand({ Bucket: landingBucket, Key: KEY }));
    return hashStream(Body as AsyncIterable<Uint8Array>);
  };

  /** A transfer whose partner refuses the seventh chunk. @returns its ARN */
  async function failWithKeptParts(): Promise<string> {
    partner.isCut = true;
    failures += 1;
    const input = { sftp_file_path: '/big.bin' };
    const arn = await startExecution(deployment.stepFunctions, stateMachineArn, `cut-${failures}`, input);
    const end = await endOfExecution(deployment.stepFunctions, arn, END_TIMEOUT_MS);
    partner.isCut = false;
    expect(end).toMatchObject({
      status: 'FAILED',
      error: 'SourcePermissionError',
      cause: expect.stringContaining(`${LANDED_CHUNKS} parts of ${CHUNKS} kept until`),
    });
    expect(await openUploads()).toEqual([KEY]);
    // The rule for ended executions has looked at it, too, and has left it alone.
    await eventually(END_TIMEOUT_MS, 'the look at the ended execution', async () =>
      emulator.functionLog(`${STACK}-${PARTNER}-abort-upload`).some((line) => line.includes(arn))
        ? true
        : undefined,
    );
    return arn;
  }

  test('a resume lands byte for byte, and reads of what S3 has only the sample', async () => {
    const failed = await failWithKeptParts();
    const before = partner.bytesServed;

    const listed = (await command('list', PARTNER)).json() as { kept: object[] };
    expect(listed.kept).toEqual([
      expect.objectContaining({
        execution: failed,
        partner: PARTNER,
        bucket: landingBucket,
        key: KEY,
        parts: LANDED_CHUNKS,
        chunks: CHUNKS,
        bytes: LANDED_CHUNKS * CHUNK_BYTES,
        claimed_by: null,
      }),
    ]);

    const resumed = await command('resume', failed, '--interval', '0.5');

    expect(resumed.exitCode).toBe(0);
    expect(resumed.json()).toMatchObject({ status: 'SUCCEEDED', key: KEY, size_bytes: CHUNKS * CHUNK_BYTES });
    expect(partner.bytesServed - before).toBe((SAMPLE_CHUNKS + CHUNKS - LANDED_CHUNKS) * CHUNK_BYTES);
    expect(await landedHash()).toBe(await hashFile(file));
    expect(await openUploads()).toEqual([]);
    expect((await command('list', PARTNER)).json()).toMatchObject({ kept: [] });
  });

  test('a resume that fails as well keeps the parts again; a claim that nobody gave back hinders nobody', async () => {
    const failed = await failWithKeptParts();
    partner.isCut = true;
    const again = await command('resume', failed, '--interval', '0.5');
    partner.isCut = false;
    expect(again.json()).toMatchObject({ status: 'FAILED', error: 'SourcePermissionError' });
    const kept = await findKeptUpload(uploads, failed);
    if (kept === undefined) throw new Error('nothing is kept');
    expect(kept.executions).toHaveLength(2);
    await uploads.claim({ uploadId: kept.uploadId, claim: { execution: failed, sinceMs: 0 } });

    const resumed = await command('resume', failed, '--interval', '0.5');

    expect(resumed.json()).toMatchObject({ status: 'SUCCEEDED', size_bytes: CHUNKS * CHUNK_BYTES });
    expect(await landedHash()).toBe(await hashFile(file));
    expect(await openUploads()).toEqual([]);
  });

  test('a resume of a file that was replaced removes the kept parts, and lands the new one', async () => {
    const failed = await failWithKeptParts();
    const [kept] = ((await command('list', PARTNER)).json() as { kept: { upload_id: string }[] }).kept;
    await writeSampleFile(file, (CHUNKS - 1) * CHUNK_BYTES);

    const resumed = await command('resume', failed, '--interval', '0.5');

    expect(resumed.json()).toMatchObject({ status: 'SUCCEEDED', size_bytes: (CHUNKS - 1) * CHUNK_BYTES });
    expect(await landedHash()).toBe(await hashFile(file));
    expect(await openUploads()).toEqual([]);
    expect(kept).toBeDefined();
    expect(await findKeptUpload(uploads, failed)).toBeUndefined();
    await writeSampleFile(file, CHUNKS * CHUNK_BYTES);
    utimesSync(file, 1_700_000_000, 1_700_000_000);
  });

  test('stop of a transfer that failed removes what it kept; then there is nothing to resume', async () => {
    const failed = await failWithKeptParts();

    const stopped = await command('stop', failed);

    expect(stopped.json()).toMatchObject({ cleanup: 'proved', kept_parts: LANDED_CHUNKS });
    expect(await openUploads()).toEqual([]);
    const resumed = await command('resume', failed, '--interval', '0.5');
    expect(resumed.json()).toMatchObject({ status: 'FAILED', error: 'InvalidTransferRequestError' });
  });

  test("when their time is over, the rule's schedule has them removed, and no moment before", async () => {
    const failed = await failWithKeptParts();
    const kept = await findKeptUpload(uploads, failed);
    if (kept === undefined) throw new Error('nothing is kept');
    const scheduled = { 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} };

    expect(await deployment.invoke(`${STACK}-${PARTNER}-abort-upload`, { ...scheduled, id: '1' })).toEqual({
      aborted_uploads: 0,
    });
    expect(await openUploads()).toEqual([KEY]);

    // Three days later; and an execution that has ended without giving it back still has its name in it.
    await uploads.keep({ ...kept, execution: failed, keepUntilMs: Date.now() - 1 });
    await uploads.claim({ uploadId: kept.uploadId, claim: { execution: failed, sinceMs: 0 } });
    expect(await deployment.invoke(`${STACK}-${PARTNER}-abort-upload`, { ...scheduled, id: '2' })).toEqual({
      aborted_uploads: 1,
    });
    expect(await openUploads()).toEqual([]);
    expect(await findKeptUpload(uploads, failed)).toBeUndefined();
  });

  describe('permissions', () => {
    const STEPS = ['reserve-sessions', 'keep-parts', 'resume-upload', 'abort-upload', 'release-sessions'];
    /** Of these steps, what no emulated run can call: Lambda or its daemon call it, or a refused write shows the row. */
    const NOT_SEEN_HERE = /^(logs|xray|ec2|sqs|kms):/;

    test('every call that a role made is allowed', () => {
      expect(refusedCalls(emulator.calls(), grants)).toEqual([]);
    });

    test('every action that a step of kept parts may do was called', () => {
      const asked = grants.filter(
        ({ role, action }) => STEPS.some((step) => role.endsWith(step)) && !NOT_SEEN_HERE.test(action),
      );
      const unused = asked.filter((grant) => !isUsed(grant, emulator.calls()));
      expect(asked.length).toBeGreaterThan(15);
      expect(unused.map(({ role, action }) => `${role} ${action}`)).toEqual([]);
    });
  });
});
