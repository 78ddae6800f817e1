import { execution, runAgainst, startDeployedPartners } from '../support/aws/deployed-partners.ts';
import type { FakeStepFunctions } from '../support/aws/fake-step-functions.ts';

const MIB = 1_048_576;

let aws: FakeStepFunctions;

beforeEach(async () => {
  aws = await startDeployedPartners();
});

afterEach(() => aws.close());

const run = (args: string[]) => runAgainst(aws, args);

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
