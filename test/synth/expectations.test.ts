import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule/index.js';
import { evaluateExpectationsEventSchema } from '../../lambdas/evaluate-expectations/event.ts';
import { folder, partner, statements, synthesise } from './synthesised.ts';

/** Two dollar signs: Terraform would take them for a reference. */
const ODD = ['re:a\\', '{2}'].join('$');
const expectation = (changes: object = {}) => ({
  name: 'orders',
  path: '/out/orders.csv',
  by: '06:00',
  timeZone: 'Europe/Berlin',
  ...changes,
});
const inFolder = { name: 'daily', path: undefined, folder: 'daily', match: ODD };
const stack = synthesise({
  partners: [
    partner({ folders: [folder()], expectations: [expectation(), expectation(inFolder)] }),
    partner({ name: 'globex' }),
  ],
});
const text = (resources: object) => JSON.stringify(resources);

test('a stack without expectations has nothing of it', () => {
  const without = synthesise({ partners: [partner({ folders: [folder()] })] });
  expect(text(without.json.resource)).not.toMatch(/expectation/i);
});

test('one function, one schedule and one alarm for all partners', () => {
  const named = (type: string) =>
    Object.keys(stack.all(type)).filter((name) => name.startsWith('expectations_'));
  expect(named(LambdaFunction.tfResourceType)).toHaveLength(1);
  expect(named(SchedulerSchedule.tfResourceType)).toHaveLength(1);
  expect(named(CloudwatchMetricAlarm.tfResourceType)).toHaveLength(1);
});

test('the schedule hands over what is expected, as the function reads it', () => {
  const { input, role_arn: roleArn } = stack.one(SchedulerSchedule.tfResourceType, 'expectations').target;
  expect(input).not.toMatch(/[$%]\{/);
  expect(roleArn).toContain('scheduler-role');
  const { partners } = evaluateExpectationsEventSchema.parse(JSON.parse(input));
  expect(partners.map((one) => [one.partner, one.expectations.map(({ name }) => name)])).toEqual([
    ['acme', ['orders', 'daily']],
  ]);
  expect(partners[0]?.expectations[1]?.match).toBe(ODD);
  expect(partners[0]?.folders.map(({ name }) => name)).toEqual(['daily']);
});

test('state machines are found by their names, as the pipelines have them', () => {
  const { variables } = stack.one(LambdaFunction.tfResourceType, 'expectations').environment;
  expect(variables.STATE_MACHINE_PREFIX).toMatch(/:stateMachine:test-$/);
  const names = Object.values(stack.all('aws_sfn_state_machine')).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['test-acme', 'test-acme-folders']));
});

test('it reads, writes its own rows only, and publishes to the alert topic', () => {
  const own = statements(stack).filter(({ owner }) => owner.includes('expectations_evaluate'));
  const actions = own.flatMap(({ statement }) => [statement.Action].flat());
  expect(actions.filter((action) => /:(Put|Delete|Start|Stop|Update|Abort)/.test(action)).sort()).toEqual([
    'dynamodb:PutItem',
    'logs:PutLogEvents',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
  ]);
  const write = own.find(({ statement }) => [statement.Action].flat().includes('dynamodb:PutItem'));
  expect(write?.statement.Condition).toEqual({
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['*##expectations'] },
  });
  const publish = own.find(({ statement }) => [statement.Action].flat().includes('sns:Publish'));
  expect([publish?.statement.Resource].flat()).toEqual([expect.stringContaining('aws_sns_topic.alerts')]);
});

test('without folders it reads its own rows only, and no state of runs', () => {
  const alone = synthesise({ partners: [partner({ expectations: [expectation()] })] });
  const reads = statements(alone)
    .filter(({ owner }) => owner.includes('expectations_evaluate'))
    .filter(({ statement }) =>
      [statement.Action].flat().some((action) => /^dynamodb:(Get|Query)/.test(action)),
    );
  expect(reads.map(({ statement }) => [statement.Action, statement.Condition])).toEqual([
    [['dynamodb:GetItem'], { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['*##expectations'] } }],
  ]);
});
