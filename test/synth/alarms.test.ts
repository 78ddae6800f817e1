import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { folder, folderSchedule, partner, type Resource, schedule, synthesise } from './synthesised.ts';

const PROJECT = path.join(import.meta.dirname, '../..');
/** CloudWatch evaluates alarms of hourly periods over so long at most, others over a day. */
const MAX_HOURLY_RANGE_SECONDS = 604_800;
const MAX_RANGE_SECONDS = 86_400;

const stack = synthesise({
  partners: [
    partner({
      schedules: [schedule(), folderSchedule()],
      folders: [folder()],
      expectSuccessWithinHours: 168,
    }),
  ],
});
const alarms: Resource[] = Object.values(stack.all(CloudwatchMetricAlarm.tfResourceType));
const named = (name: string) => {
  const found = alarms.filter((alarm) => alarm.alarm_name === name);
  if (found.length !== 1) throw new Error(`${found.length} alarms are called ${name}`);
  return found[0] as Resource;
};
const runbookOf = (alarm: Resource) => /Runbook: (\S+)$/.exec(alarm.alarm_description)?.[1] ?? '';

const namesOf = (alarmsOf: Resource[]) =>
  alarmsOf
    .map((alarm) => String(alarm.alarm_name))
    .filter((name) => name.startsWith('test-acme-'))
    .map((name) => name.replace('test-acme-', ''))
    .sort();
const alarmsWith = (changes: object) =>
  namesOf(
    Object.values(synthesise({ partners: [partner(changes)] }).all(CloudwatchMetricAlarm.tfResourceType)),
  );
const STATES = ['executions-throttled', 'function-near-timeout', 'function-throttles', 'undelivered-events'];

test('a partner has an alarm only for what no mail about a failed execution can tell', () => {
  expect(alarmsWith({})).toEqual(STATES);
  expect(alarmsWith({ schedules: [schedule()] })).toEqual([...STATES, 'no-successful-transfer'].sort());
  expect(namesOf(alarms)).toEqual(
    [
      ...STATES,
      'no-successful-transfer',
      'no-successful-folder-run',
      'file-never-ready',
      'sources-left',
    ].sort(),
  );
});

test('an alarm that watches several metrics watches no more than CloudWatch allows', () => {
  for (const alarm of alarms.filter(({ metric_query }) => metric_query)) {
    const metrics = alarm.metric_query.filter(({ metric }: Resource) => metric);
    expect([alarm.alarm_name, metrics.length <= 10]).toEqual([alarm.alarm_name, true]);
    const [{ expression }] = alarm.metric_query;
    for (const { id } of metrics) expect(expression).toMatch(new RegExp(`\\b${id}\\b`));
  }
});

test('the documents count the metrics that are paid for', () => {
  const watched = (of: Resource[]) =>
    of
      .filter(({ alarm_name }) => String(alarm_name).startsWith('test-acme-'))
      .reduce(
        (sum, { metric_query = [] }) =>
          sum + Math.max(1, metric_query.filter(({ metric }: Resource) => metric).length),
        0,
      );
  const least = watched(Object.values(synthesise().all(CloudwatchMetricAlarm.tfResourceType)));
  const text = readFileSync(path.join(PROJECT, 'docs/deploying.md'), 'utf8');
  expect(text).toContain(`| 4 to 8 alarms over ${least} to ${watched(alarms)} metrics, 0.10 each metric |`);
});

test('executions are held back in either workflow', () => {
  const { metric_query } = named('test-acme-executions-throttled');
  const watched = metric_query.filter(({ metric }: Resource) => metric);
  expect(watched.map(({ metric }: Resource) => metric.metric_name)).toEqual([
    'ExecutionThrottled',
    'ExecutionThrottled',
  ]);
  expect(new Set(watched.map(({ metric }: Resource) => metric.dimensions.StateMachineArn)).size).toBe(2);
});

test('a function is near its timeout at 90 % of its own time, not of another', () => {
  const { metric_query, threshold } = named('test-acme-function-near-timeout');
  const [{ expression }, ...inputs] = metric_query;
  const completion = inputs.find(({ metric }: Resource) =>
    metric.dimensions.FunctionName.includes('complete-upload'),
  );
  expect(threshold).toBe(0.9);
  expect(expression).toContain(`FILL(${completion.id}, 0) / 900000`);
  expect(completion.metric).toMatchObject({ metric_name: 'Duration', stat: 'Maximum' });
  const watched = inputs.map(({ metric }: Resource) => metric.dimensions.FunctionName).join();
  expect(watched).not.toContain('download-segment');
});

test('the mails have an alarm of their own: it needs nothing that may have failed with them', () => {
  const { alarm_actions, metric_query } = named('test-mails-not-sent');
  expect(alarm_actions).toEqual([expect.stringContaining('aws_sns_topic')]);
  expect(metric_query.slice(1).map(({ metric }: Resource) => metric.metric_name)).toEqual([
    'ApproximateNumberOfMessagesVisible',
    'FailedInvocations',
  ]);
});

test('silence is a fault for scheduled partners only', () => {
  expect(named('test-acme-no-successful-transfer')).toMatchObject({
    treat_missing_data: 'breaching',
    comparison_operator: 'LessThanThreshold',
    threshold: 1,
    evaluation_periods: 168,
    datapoints_to_alarm: 168,
  });
  const names = Object.values(synthesise().all(CloudwatchMetricAlarm.tfResourceType)).map(
    (alarm) => alarm.alarm_name,
  );
  expect(names).not.toContain('test-acme-no-successful-transfer');
});

test.each(['eu-west-1a', 'eu-west-1b'])('the NAT gateway of %s has its three alarms', (zone) => {
  expect(named(`test-nat-port-allocation-${zone}`)).toMatchObject({
    metric_name: 'ErrorPortAllocation',
    threshold: 1,
    dimensions: { NatGatewayId: expect.stringContaining(zone) },
  });
  for (const name of ['nat-packets-dropped', 'nat-connections-failed']) {
    const [result] = named(`test-${name}-${zone}`).metric_query;
    expect(result).toMatchObject({ return_data: true, expression: expect.any(String) });
  }
});

/** A count that falls back to 0 says nothing of a repair: its all-clear would be false. */
const WITH_AN_ALL_CLEAR = [
  /^test-acme-(executions-throttled|function-throttles|undelivered-events)$/,
  /^test-acme-no-successful-(transfer|folder-run)$/,
  /^test-mails-not-sent$/,
  /^test-nat-packets-dropped-/,
];

test('every alarm tells the topic when it goes off, and only a state when it is over', () => {
  for (const alarm of alarms) {
    expect(alarm.alarm_actions).toEqual([expect.stringContaining('aws_sns_topic')]);
    const isState = WITH_AN_ALL_CLEAR.some((pattern) => pattern.test(alarm.alarm_name));
    expect([alarm.alarm_name, alarm.ok_actions]).toEqual([
      alarm.alarm_name,
      isState ? alarm.alarm_actions : undefined,
    ]);
  }
});

test('every alarm has a name of its own, an evaluation range that CloudWatch takes, and a text that fits', () => {
  expect(new Set(alarms.map((alarm) => alarm.alarm_name)).size).toBe(alarms.length);
  for (const alarm of alarms) {
    const period: number = alarm.period ?? alarm.metric_query[1].metric.period;
    const longest = period >= 3_600 ? MAX_HOURLY_RANGE_SECONDS : MAX_RANGE_SECONDS;
    expect(period * alarm.evaluation_periods).toBeLessThanOrEqual(longest);
    expect(alarm.alarm_description.length).toBeLessThanOrEqual(1_024);
  }
});

test('every alarm names a runbook that exists', () => {
  for (const runbook of new Set(alarms.map(runbookOf))) {
    expect([runbook, existsSync(path.join(PROJECT, runbook))]).toEqual([runbook, true]);
  }
});

test('with a base URL, alarms link to their runbooks', () => {
  const linked = synthesise({ alerts: { runbookBaseUrl: 'https://wiki.example/runbooks' } });
  const alarm = linked.one(CloudwatchMetricAlarm.tfResourceType, 'undelivered-events');
  expect(runbookOf(alarm)).toBe('https://wiki.example/runbooks/undelivered-events.md');
});

test('alarms can publish to the topic although it is encrypted', () => {
  expect(stack.one(SnsTopic.tfResourceType).kms_master_key_id).toContain('aws_kms_key');
  const { Statement } = JSON.parse(stack.one(KmsKey.tfResourceType).policy);
  expect(Statement).toContainEqual(
    expect.objectContaining({
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    }),
  );
});
