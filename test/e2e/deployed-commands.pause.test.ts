import { runAgainst, startDeployedPartners } from '../support/aws/deployed-partners.ts';
import type { FakeStepFunctions } from '../support/aws/fake-step-functions.ts';

let aws: FakeStepFunctions;

beforeEach(async () => {
  aws = await startDeployedPartners();
  aws.schedules.set('sftp-to-s3-acme', [
    schedule('daily', 'ENABLED', 'of ours'),
    schedule('hourly', 'ENABLED'),
    schedule('never', 'DISABLED'),
  ]);
});

afterEach(() => aws.close());

const run = (args: string[]) => runAgainst(aws, args);

/** With everything that UpdateSchedule would put back to its default. */
function schedule(Name: string, State: string, Description?: string) {
  return {
    Name,
    GroupName: 'sftp-to-s3-acme',
    State,
    ScheduleExpression: 'cron(30 3 * * ? *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ...(Description !== undefined && { Description }),
    Target: {
      Arn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:sftp-to-s3-acme',
      RoleArn: 'arn:aws:iam::123456789012:role/scheduler',
      Input: '{"sftp_file_path":"/outbound/big.zip"}',
      RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 20 },
      DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-central-1:123456789012:undelivered' },
    },
  };
}

const states = () => aws.schedules.get('sftp-to-s3-acme')?.map(({ State }) => State);

test('pause disables what was enabled and says why in list; unpause puts back exactly that', async () => {
  const before = structuredClone(aws.schedules.get('sftp-to-s3-acme'));

  const paused = await run(['pause', 'acme', '--reason', 'their password | ours?', '--json']);
  expect(states()).toEqual(['DISABLED', 'DISABLED', 'DISABLED']);
  const list = await run(['list', 'acme']);
  const unpaused = await run(['unpause', 'acme']);

  expect(paused).toMatchObject({ exitCode: 0, stderr: '' });
  expect(paused.json()).toEqual({
    partner: 'acme',
    changed: ['daily', 'hourly'],
    schedules: [
      { schedule: 'daily', state: 'PAUSED', paused_at: expect.any(String), reason: 'their password / ours?' },
      {
        schedule: 'hourly',
        state: 'PAUSED',
        paused_at: expect.any(String),
        reason: 'their password / ours?',
      },
      { schedule: 'never', state: 'DISABLED', paused_at: null, reason: null },
    ],
  });
  expect(list.stdout).toMatch(
    /^acme is paused since \S+Z \(their password \/ ours\?\): 2 schedules of 3 will not start\. npx sftp-to-s3 unpause acme$/m,
  );
  expect(unpaused.exitCode).toBe(0);
  expect(aws.schedules.get('sftp-to-s3-acme')).toEqual(
    before?.map((each) => ({ ...each, Description: each.Description ?? '' })).map(withoutEmptyOfNever),
  );
});

/** What was not touched has no description still. */
function withoutEmptyOfNever({ Description, ...rest }: Record<string, unknown>) {
  return rest.Name === 'never' ? rest : { ...rest, Description };
}

test('paused twice it stays paused, and says so', async () => {
  await run(['pause', 'acme']);
  const again = await run(['pause', 'acme']);

  expect(again.exitCode).toBe(0);
  expect(again.stdout).toContain('Nothing was changed.');
  expect(again.stdout).toMatch(/^daily +PAUSED /m);
  expect((await run(['list', '--json'])).json()).toMatchObject({
    paused: [{ partner: 'acme', schedules: [{ schedule: 'daily' }, { schedule: 'hourly' }] }],
  });
});

test('a partner without schedules cannot be paused', async () => {
  const result = await run(['pause', 'globex']);

  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain('there is no schedule group sftp-to-s3-globex in eu-central-1');
});
