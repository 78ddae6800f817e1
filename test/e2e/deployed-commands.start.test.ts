import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ACME,
  CREDENTIALS,
  execution,
  runAgainst,
  startDeployedPartners,
} from '../support/aws/deployed-partners.ts';
import type { FakeStepFunctions } from '../support/aws/fake-step-functions.ts';
import { runCommand } from '../support/command-line.ts';

const MIB = 1_048_576;

let aws: FakeStepFunctions;

beforeEach(async () => {
  aws = await startDeployedPartners();
});

afterEach(() => aws.close());

const run = (args: string[]) => runAgainst(aws, args);

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

  test('--again repeats an execution with its own input, and what is given goes before it', async () => {
    const earlier = execution('nightly', { ending: 'failed', landed: 1 });
    const input = { sftp_file_path: '/outbound/big.zip', target_s3_key: 'in/big.zip', if_exists: 'fail' };
    earlier.description.input = JSON.stringify(input);
    aws.executions.push(earlier, execution('newer', {}));

    const result = await run(['start', '--again', 'acme/nightly', '--if-exists', 'replace', '--detach']);

    expect(result.exitCode).toBe(0);
    const started = aws.executions.at(-1)?.description;
    expect(started?.stateMachineArn).toBe(ACME);
    expect(JSON.parse(String(started?.input))).toEqual({ ...input, if_exists: 'replace' });
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
    ['no path', ['acme'], "missing required argument 'path'"],
    ['nothing', [], "missing required argument 'partner'"],
    ['--again beside a partner', ['acme', 'big.zip', '--again', 'acme'], '--again brings partner and path'],
    ['--again of what never was', ['--again', 'acme/none'], 'Execution Does Not Exist'],
    ['an empty path', ['acme', ''], 'it must name a file'],
    ['a chunk too small', ['acme', 'big.zip', '--chunk-size', '1MiB'], 'from 5.0 MiB to 5.0 GiB'],
  ])('%s is a usage error, and nothing starts', async (_name, args, reason) => {
    const result = await run(['start', ...args]);

    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(reason);
    expect(aws.executions).toEqual([]);
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
