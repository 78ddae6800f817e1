import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { STEPS } from '../../infra/steps.ts';
import { UNEXPECTED_ERROR_METRIC } from '../../lambdas/shared/powertools-telemetry.ts';
import { TRANSFER_ERROR_NAMES } from '../support/docs/error-names.ts';
import { folder, folderSchedule, partner, type Resource, schedule, synthesise } from './synthesised.ts';

const PROJECT = path.join(import.meta.dirname, '../..');
const RUNBOOKS = path.join(PROJECT, 'docs/runbooks');
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

const ERROR_NAMES = [...TRANSFER_ERROR_NAMES, UNEXPECTED_ERROR_METRIC];

test.each(ERROR_NAMES)('%s has an alarm on the count that the functions publish', (errorName) => {
  const kebab = errorName.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  expect(named(`test-acme-${kebab}`)).toMatchObject({
    namespace: 'SftpToS3',
    metric_name: errorName,
    dimensions: { service: 'sftp-to-s3', partner: 'acme' },
    statistic: 'Sum',
    treat_missing_data: 'notBreaching',
  });
});

test.each(['host-key-mismatch-error', 'sftp-authentication-error', 'source-changed-error'])(
  'the first %s is enough',
  (name) => {
    expect(named(`test-acme-${name}`)).toMatchObject({ threshold: 1, period: 300, evaluation_periods: 1 });
  },
);

test.each([
  ['executions-failed', 'ExecutionsFailed'],
  ['executions-timed-out', 'ExecutionsTimedOut'],
  ['executions-aborted', 'ExecutionsAborted'],
  ['executions-throttled', 'ExecutionThrottled'],
])('%s watches %s', (name, metric) => {
  expect(named(`test-acme-${name}`)).toMatchObject({
    namespace: 'AWS/States',
    metric_name: metric,
    dimensions: { StateMachineArn: expect.stringContaining('aws_sfn_state_machine') },
  });
});

test.each(STEPS)('%s has alarms on errors, throttles and time', (step) => {
  const dimensions = { FunctionName: expect.stringContaining(step) };
  const errorAlarm = step === 'abort-upload' ? 'abort-failed' : `${step}-errors`;
  expect(named(`test-acme-${errorAlarm}`)).toMatchObject({ metric_name: 'Errors', dimensions });
  expect(named(`test-acme-${step}-throttles`)).toMatchObject({ metric_name: 'Throttles', dimensions });
  if (step === 'download-segment') return;
  expect(named(`test-acme-${step}-near-timeout`)).toMatchObject({ metric_name: 'Duration', dimensions });
});

test('the completion is near its timeout at 90 % of 900 s', () => {
  expect(named('test-acme-complete-upload-near-timeout')).toMatchObject({
    threshold: 810_000,
    statistic: 'Maximum',
  });
});

test('the download works until its time is nearly over, and nobody is called for it', () => {
  expect(() => named('test-acme-download-segment-near-timeout')).toThrow();
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
  expect(names).not.toContain('test-acme-schedule-failed');
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

test('every alarm tells the topic when it goes off and when it is over', () => {
  for (const alarm of alarms) {
    expect(alarm.alarm_actions).toEqual([expect.stringContaining('aws_sns_topic')]);
    expect(alarm.ok_actions).toEqual(alarm.alarm_actions);
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

test('every alarm names a runbook that exists, and every runbook has an alarm', () => {
  const runbooks = new Set(alarms.map(runbookOf));
  for (const runbook of runbooks) {
    expect([runbook, existsSync(path.join(PROJECT, runbook))]).toEqual([runbook, true]);
  }
  const files = readdirSync(RUNBOOKS).filter((file) => file !== 'README.md');
  expect(files.filter((file) => !runbooks.has(`docs/runbooks/${file}`))).toEqual([]);
});

test('with a base URL, alarms link to their runbooks', () => {
  const linked = synthesise({ alerts: { runbookBaseUrl: 'https://wiki.example/runbooks' } });
  const alarm = linked.one(CloudwatchMetricAlarm.tfResourceType, 'host-key-mismatch');
  expect(runbookOf(alarm)).toBe('https://wiki.example/runbooks/host-key-mismatch-error.md');
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
