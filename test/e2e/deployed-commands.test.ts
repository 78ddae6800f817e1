import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import {
  describedExecution,
  HistoryWriter,
  landedObject,
  type WrittenTransfer,
  writeTransfer,
} from '../support/aws/execution-history.ts';
import {
  type FakeExecution,
  type FakeStepFunctions,
  startFakeStepFunctions,
} from '../support/aws/fake-step-functions.ts';
import { type CommandResult, runCommand } from '../support/command-line.ts';
import { BUCKET, type LandingStore, startLandingStore } from '../support/s3/landing-store.ts';
import { plannedFile } from '../support/step-rig.ts';

const MIB = 1_048_576;
const ACME = 'arn:aws:states:eu-central-1:123456789012:stateMachine:sftp-to-s3-acme';
const GLOBEX = 'arn:aws:states:eu-central-1:123456789012:stateMachine:sftp-to-s3-globex';
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

let aws: FakeStepFunctions;

beforeEach(async () => {
  aws = await startFakeStepFunctions();
  aws.stateMachines = ['other-1', 'other-2', 'other-3', 'other-4', 'other-5', 'other-6', 'other-7']
    .map((name) => ACME.replace('sftp-to-s3-acme', name))
    .concat(ACME, GLOBEX);
});

afterEach(() => aws.close());

function run(args: string[], onStart?: Parameters<typeof runCommand>[2]): Promise<CommandResult> {
  return runCommand([...args, '--endpoint-url', aws.endpoint], CREDENTIALS, onStart);
}

/** An execution with a whole history; `name` is its own. */
function execution(
  name: string,
  transfer: Partial<WrittenTransfer>,
  { machine = ACME, startedAt = '2026-11-22T02:30:00Z' } = {},
): FakeExecution {
  const history = new HistoryWriter();
  const plan = { chunkSizeBytes: 50 * MIB, chunkCount: 4, chunkMs: 2_000, ...transfer };
  const endMs = writeTransfer(history, plan);
  const startMs = Date.parse(startedAt);
  const { ending = 'succeeded', path = '/outbound/big.zip' } = transfer;
  const stopDate = new Date(startMs + endMs);
  const file = plannedFile(plan.chunkSizeBytes * plan.chunkCount);
  const outcome = {
    succeeded: { status: 'SUCCEEDED' as const, stopDate, output: JSON.stringify(landedObject(file)) },
    failed: {
      status: 'FAILED' as const,
      stopDate,
      error: 'SourceChangedError',
      cause: JSON.stringify({ errorType: 'SourceChangedError', errorMessage: 'big.zip shrank' }),
    },
    running: { status: 'RUNNING' as const },
  }[ending];
  const description = describedExecution(undefined, {
    executionArn: `${machine.replace(':stateMachine:', ':execution:')}:${name}`,
    stateMachineArn: machine,
    startDate: new Date(startMs),
    input: JSON.stringify({ sftp_file_path: path }),
    ...outcome,
  });
  return { description, events: history.events };
}

describe('start', () => {
  test('starts a transfer with what was given, follows it, and tells how it ended', async () => {
    let started: { input: string; arn: string } | undefined;
    aws.onStart = (request) => {
      started = request;
      return execution('nightly', {});
    };

    const result = await run([
      'start',
      'acme',
      '/outbound/big.zip',
      '--key',
      'in/big.zip',
      '--chunk-size',
      '64MiB',
      '--if-exists',
      'fail',
      '--name',
      'nightly',
      '--json',
    ]);

    expect(started?.arn).toBe(`${ACME.replace(':stateMachine:', ':execution:')}:nightly`);
    expect(JSON.parse(String(started?.input))).toEqual({
      sftp_file_path: '/outbound/big.zip',
      target_s3_key: 'in/big.zip',
      chunk_size_bytes: 67_108_864,
      if_exists: 'fail',
    });
    expect(result.exitCode).toBe(0);
    expect(result.json()).toMatchObject({
      status: 'SUCCEEDED',
      execution: started?.arn,
      size_bytes: 200 * MIB,
      chunks: 4,
      chunks_landed: 4,
      retries: 0,
      seconds: 10.1,
      mib_per_second: 19.8,
      bucket: 'landing',
      key: 'acme/outbound/big.zip',
      checksum_crc64nvme: 'rosUhgp5mIg=',
    });
  });

  test('--detach prints the ARN and follows nothing', async () => {
    const result = await run(['start', 'acme', 'big.zip', '--detach']);

    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toMatch(
      /^arn:aws:states:eu-central-1:123456789012:execution:sftp-to-s3-acme:\d{8}T\d{6}-[0-9a-f]{8}\n$/,
    );
    expect(aws.calls.map(({ action }) => action)).toEqual([
      'ListStateMachines',
      'ListStateMachines',
      'StartExecution',
    ]);
  });

  test('a failed transfer: its error, its cause, exit 1', async () => {
    aws.onStart = ({ arn }) => execution(String(arn.split(':').at(-1)), { landed: 2, ending: 'failed' });

    const result = await run(['start', ACME, 'big.zip']);

    expect(result.exitCode).toBe(1);
    expect(result.stdout).toBe(
      [
        'Failed: SourceChangedError after 7.6 s (2 of 4 chunks, 0 retries)',
        '  big.zip shrank',
        '  What to do: docs/runbooks/source-changed-error.md',
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['an unknown partner', ['acne', 'big.zip'], 'which has acme, globex'],
    [
      'a partner that is not deployed',
      ['acme', 'big.zip', '--stack-name', 'new', '--region', 'eu-central-1'],
      'no state machine new-acme',
    ],
    ['no path', ['acme'], 'missing required argument'],
    ['an empty path', ['acme', ''], 'it must name a file'],
    ['a chunk too small', ['acme', 'big.zip', '--chunk-size', '1MiB'], 'from 5.0 MiB to 5.0 GiB'],
  ])('%s is a usage error, and nothing starts', async (_name, args, reason) => {
    const result = await run(['start', ...args]);

    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(reason);
    expect(aws.executions).toEqual([]);
  });
});

describe('watch', () => {
  test('follows a running transfer through throttling to its end', async () => {
    const running = execution('nightly', { landed: 1, ending: 'running' });
    aws.executions.push(running);
    let looks = 0;
    aws.refuse = (action) => {
      if (action !== 'GetExecutionHistory') return undefined;
      looks += 1;
      // The SDK's own six attempts, and one more: the watcher has to wait by itself.
      if (looks >= 5 && looks < 12) return { status: 400, type: 'ThrottlingException' };
      if (looks === 12) Object.assign(running, execution('nightly', {}));
      return undefined;
    };

    const result = await run([
      'watch',
      String(running.description.executionArn),
      '--interval',
      '0.1',
      '--json',
    ]);

    expect(result.exitCode).toBe(0);
    expect(result.stderr).toMatch(
      /^GetExecutionHistory: AWS answers ThrottlingException: .*; trying again$/m,
    );
    expect(result.json()).toMatchObject({ status: 'SUCCEEDED', chunks_landed: 4 });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s detaches: the transfer goes on', async (signal) => {
    const running = execution('nightly', { landed: 1, ending: 'running' });
    aws.executions.push(running);
    const looking = Promise.withResolvers<void>();
    let looks = 0;
    aws.refuse = (action) => {
      if (action === 'GetExecutionHistory') looks += 1;
      if (looks === 9) looking.resolve();
      return undefined;
    };

    const result = await run(['watch', 'acme', '--interval', '0.2', '--json'], (child) => {
      void looking.promise.then(() => child.kill(signal));
    });

    const arn = String(running.description.executionArn);
    expect(result.exitCode).toBe(130);
    expect(result.json()).toMatchObject({
      status: 'RUNNING',
      execution: arn,
      chunks_landed: 1,
      detached: true,
    });
    expect(result.stderr).toContain(`npx sftp-to-s3 watch ${arn} --endpoint-url ${aws.endpoint}\n`);
    expect(result.stderr).toContain(`npx sftp-to-s3 stop ${arn} --endpoint-url ${aws.endpoint}\n`);
    expect(aws.calls.some(({ action }) => action === 'StopExecution')).toBe(false);
  });

  test('an execution that is not known is a usage error', async () => {
    const result = await run(['watch', `${ACME.replace(':stateMachine:', ':execution:')}:none`]);

    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('Execution Does Not Exist');
  });

  test('what AWS refuses is exit 4: nothing is known of the transfer', async () => {
    aws.refuse = () => ({ status: 400, type: 'AccessDeniedException', message: 'not authorized' });

    const result = await run(['watch', 'acme', '--json']);

    expect(result.exitCode).toBe(4);
    expect(result.json()).toEqual({
      status: 'FAILED',
      error: 'AwsCallError',
      cause: 'ListStateMachines: AWS answers AccessDeniedException: not authorized',
    });
  });
});

describe('list', () => {
  beforeEach(() => {
    aws.executions.push(
      execution('first', { landed: 2, ending: 'failed' }),
      execution('second', {}, { machine: GLOBEX, startedAt: '2026-11-22T03:00:00Z' }),
      execution('third', { path: '/outbound/Übersicht 1.zip' }, { startedAt: '2026-11-22T04:00:00Z' }),
    );
  });

  test('shows the last transfers of all partners, newest first', async () => {
    const result = await run(['list']);

    expect(result.exitCode).toBe(0);
    expect(result.stdout.split('\n')).toEqual([
      expect.stringMatching(/^STARTED +PARTNER +OUTCOME +DURATION +SIZE +RATE +ERROR +FILE +EXECUTION$/),
      expect.stringMatching(
        /^2026-11-22 04:00:00 UTC {2}acme +SUCCEEDED +10\.1 s +200\.0 MiB +19\.8 MiB\/s +– +\/outbound\/Übersicht 1\.zip +third$/,
      ),
      expect.stringMatching(/^2026-11-22 03:00:00 UTC {2}globex +SUCCEEDED .* second$/),
      expect.stringMatching(/^2026-11-22 02:30:00 UTC {2}acme +FAILED +7\.6 s +– +– +SourceChangedError /),
      '',
    ]);
  });

  test('of one partner, as JSON, only so many, only of one outcome', async () => {
    const all = await run(['list', 'acme', '--json']);
    const one = await run(['list', ACME, '--json', '--limit', '1']);
    const failed = await run(['list', 'acme', '--json', '--status', 'FAILED']);
    const names = ({ stdout }: CommandResult) =>
      (JSON.parse(stdout) as { transfers: { execution: string }[] }).transfers.map(({ execution: arn }) =>
        arn.split(':').at(-1),
      );

    expect([names(all), names(one), names(failed)]).toEqual([['third', 'first'], ['third'], ['first']]);
    expect((all.json() as { transfers: object[] }).transfers[1]).toEqual({
      execution: `${ACME.replace(':stateMachine:', ':execution:')}:first`,
      partner: 'acme',
      status: 'FAILED',
      started_at: '2026-11-22T02:30:00.000Z',
      seconds: 7.6,
      path: '/outbound/big.zip',
      size_bytes: null,
      mib_per_second: null,
      error: 'SourceChangedError',
    });
  });

  test('more transfers than a page holds', async () => {
    for (let count = 0; count < 20; count += 1) aws.executions.push(execution(`more-${count}`, {}));

    const result = await run(['list', 'acme', '--json', '--limit', '15']);

    expect((result.json() as { transfers: object[] }).transfers).toHaveLength(15);
  });

  test('a partner that is not deployed yet does not hide the others', async () => {
    aws.stateMachines = [ACME];

    const result = await run(['list', '--json']);

    expect(result.exitCode).toBe(0);
    expect(result.stderr).toContain('globex: there is no state machine sftp-to-s3-globex in eu-central-1');
    expect((result.json() as { transfers: object[] }).transfers).toHaveLength(2);
  });
});

describe('history', () => {
  test('condenses the events for people, and as JSON', async () => {
    const failures = { 3: [{ error: 'SftpConnectionError', message: 'reset by peer' }] };
    aws.executions.push(execution('nightly', { failures }));

    const people = await run(['history', 'acme']);
    const { stdout } = await run(['history', 'acme', '--json']);

    expect(people.stdout).toContain('SftpConnectionError  1      reset by peer');
    expect(people.stdout).toContain('CHUNK  SEGMENT  AFTER');
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'SUCCEEDED',
      retries: 1,
      errors: [{ name: 'SftpConnectionError', times: 1, last_cause: 'reset by peer' }],
      slowest_chunks: [{ chunk_number: 1, seconds: 2, sftp_seconds: 1.5, s3_seconds: 0.5 }, {}, {}, {}],
    });
  });

  test('of 14,000 events, in pages as large as the service gives them', async () => {
    aws.maxPage = 1_000;
    aws.executions.push(execution('huge', { chunkCount: 2_000, chunkMs: 100 }));

    const result = await run(['history', 'acme', '--json']);

    expect(result.json()).toMatchObject({ chunks_landed: 2_000, size_bytes: 2_000 * 50 * MIB });
    expect(aws.calls.filter(({ action }) => action === 'GetExecutionHistory')).toHaveLength(15);
  }, 60_000);
});

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
      'Stopped. The cleanup is not proved: after 1 s the upload still has 1 parts',
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

test('the stack is found by the configuration file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sftp-to-s3-config-'));
  const file = join(folder, 'config.json');
  const partner = {
    name: 'initech',
    host: 'sftp.initech.example',
    hostKeyFingerprints: [`SHA256:${'x'.repeat(43)}`],
    allowedCidrs: ['192.0.2.0/24'],
  };
  await writeFile(file, JSON.stringify({ name: 'files', region: 'eu-west-1', partners: [partner] }));
  const arn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:files-initech';
  aws.stateMachines = [arn];

  const result = await runCommand(['start', 'initech', 'a', '--detach', '--endpoint-url', aws.endpoint], {
    ...CREDENTIALS,
    SFTP_TO_S3_CONFIG: file,
  });
  await rm(folder, { recursive: true, force: true });

  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(aws.executions[0]?.description.stateMachineArn).toBe(arn);
});
