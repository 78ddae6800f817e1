import { ACME, execution, runAgainst, startDeployedPartners } from '../support/aws/deployed-partners.ts';
import { HistoryWriter } from '../support/aws/execution-history.ts';
import type { FakeStepFunctions } from '../support/aws/fake-step-functions.ts';

let aws: FakeStepFunctions;

beforeEach(async () => {
  aws = await startDeployedPartners();
});

afterEach(() => aws.close());

const run = (args: string[], onStart?: Parameters<typeof runAgainst>[2]) => runAgainst(aws, args, onStart);

describe('watch', () => {
  test('follows a running transfer through faults of AWS to its end', async () => {
    const running = execution('nightly', { landed: 1, ending: 'running' });
    aws.executions.push(running);
    let looks = 0;
    aws.refuse = (action) => {
      if (action !== 'GetExecutionHistory') return undefined;
      looks += 1;
      // The SDK's own six attempts, and one more: the watcher has to wait by itself. (After throttling, the SDK's
      // pauses are random up to 16 s.)
      if (looks >= 5 && looks < 12) return { status: 500, type: 'InternalServerError' };
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
      /Z GetExecutionHistory: AWS answers InternalServerError: .*; trying again$/m,
    );
    expect(result.json()).toMatchObject({ status: 'SUCCEEDED', chunks_landed: 4 });
  });

  test('says each time that a step is tried again: why, which try it was, when the next one comes', async () => {
    const running = execution('nightly', { landed: 1, ending: 'running' });
    const history = new HistoryWriter();
    let last = history.enter(0, history.add(0, 0, { type: 'ExecutionStarted' }), 'GetFileMetadata');
    const refuseConnection = (atMs: number) => {
      last = history.fail(
        atMs,
        history.call(atMs - 50, last),
        'SftpRequestFailedError',
        'connection refused',
      );
    };
    refuseConnection(100);
    running.events = history.events;
    aws.executions.push(running);
    let looks = 0;
    aws.refuse = (action) => {
      if (action !== 'GetExecutionHistory') return undefined;
      looks += 1;
      if (looks === 3) refuseConnection(3_000);
      if (looks === 6) Object.assign(running, execution('nightly', {}));
      return undefined;
    };

    const result = await run(['watch', 'acme', '--interval', '0.1', '--json', '--progress-interval', '0']);

    expect(result.stderr.match(/GetFileMetadata failed: .*/g)).toEqual([
      'GetFileMetadata failed: SftpRequestFailedError (connection refused), try 1 of 11, next within 5 s',
      'GetFileMetadata failed: SftpRequestFailedError (connection refused), try 2 of 11, next within 10 s',
    ]);
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

  test('what AWS refuses is exit 4: the state of the transfer is unknown', async () => {
    aws.refuse = () => ({ status: 400, type: 'AccessDeniedException', message: 'not authorized' });

    const result = await run(['watch', 'acme', '--json']);

    expect(result.exitCode).toBe(4);
    expect(result.json()).toEqual({
      status: 'UNKNOWN',
      error: 'AwsCallError',
      cause: expect.stringMatching(
        /^ListStateMachines: AWS answers AccessDeniedException: not authorized \(region [a-z0-9-]+, endpoint .+\)$/,
      ),
    });
  });
});
