import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule/index.js';
import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js';
import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version/index.js';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine/index.js';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { STEPS, stateName } from '../../infra/steps.ts';
import { findTasks, loadWorkflow, type WorkflowDefinition } from '../../local/workflow-definition.ts';
import { partner, schedule, synthesise } from './synthesised.ts';

const stack = synthesise({ partners: [partner({ schedules: [schedule()] })] });
const stateMachine = stack.one(SfnStateMachine.tfResourceType);

test('the state machine is the workflow file, with the functions in place of the placeholders', () => {
  const deployed = JSON.parse(stateMachine.definition) as WorkflowDefinition;
  const resources = Object.fromEntries(findTasks(deployed).map(({ name, state }) => [name, state.Resource]));
  for (const step of STEPS) {
    expect(resources[stateName(step)]).toMatch(
      new RegExp(`^\\$\\{aws_lambda_function\\..*${step}.*\\.qualified_arn\\}$`),
    );
  }
  const withoutFunctions = (definition: WorkflowDefinition) =>
    JSON.parse(JSON.stringify(definition).replace(/"\$\{[^"]*\}"/g, '"function"'));
  expect(withoutFunctions(deployed)).toEqual(withoutFunctions(loadWorkflow()));
});

test('an execution keeps the code that it started with: the definition names published versions', () => {
  for (const lambda of Object.values(stack.all(LambdaFunction.tfResourceType))) {
    expect(lambda.publish).toBe(true);
  }
});

test('a destroy waits longer than the longest state for executions that still run', () => {
  const longestSeconds = Math.max(...findTasks(loadWorkflow()).map(({ state }) => state.TimeoutSeconds ?? 0));
  const minutes = Number(/^(\d+)m$/.exec(stateMachine.timeouts.delete)?.[1]);
  expect(minutes * 60).toBeGreaterThan(longestSeconds);
});

test('failures are logged with their data, and traced', () => {
  expect(stateMachine).toMatchObject({
    type: 'STANDARD',
    logging_configuration: {
      level: 'ERROR',
      include_execution_data: true,
      log_destination: expect.stringMatching(/:\*$/),
    },
    tracing_configuration: { enabled: true },
  });
});

test('stopped, timed-out and failed executions of this state machine reach abort-upload', () => {
  const rule = stack.one(CloudwatchEventRule.tfResourceType, 'partner-acme');
  expect(JSON.parse(rule.event_pattern)).toEqual({
    source: ['aws.states'],
    'detail-type': ['Step Functions Execution Status Change'],
    detail: {
      status: ['ABORTED', 'TIMED_OUT', 'FAILED'],
      stateMachineArn: [expect.stringContaining('aws_sfn_state_machine')],
    },
  });
  expect(stack.one(CloudwatchEventTarget.tfResourceType, 'partner-acme')).toMatchObject({
    arn: expect.stringContaining('abort-upload'),
    dead_letter_config: { arn: expect.stringContaining('aws_sqs_queue') },
  });
  expect(stack.one(LambdaPermission.tfResourceType, 'partner-acme')).toMatchObject({
    function_name: expect.stringContaining('abort-upload'),
    principal: 'events.amazonaws.com',
    source_arn: expect.stringContaining('aws_cloudwatch_event_rule'),
  });
  expect(stack.one(LambdaFunctionEventInvokeConfig.tfResourceType, 'partner-acme')).toMatchObject({
    maximum_retry_attempts: 2,
    destination_config: { on_failure: { destination: expect.stringContaining('aws_sqs_queue') } },
  });
});

test('where parts are kept, the same rule looks every six hours for those whose time is over', () => {
  const ruleOf = (keepPartsDays: number) =>
    synthesise({ partners: [partner({ keepPartsDays })] }).one(
      CloudwatchEventRule.tfResourceType,
      'partner-acme',
    );
  const { event_pattern: pattern, schedule_expression: schedule } = ruleOf(3);

  expect(schedule).toBe('rate(6 hours)');
  expect(JSON.parse(pattern)['detail-type']).toEqual(['Step Functions Execution Status Change']);
  expect(ruleOf(0)).not.toHaveProperty('schedule_expression');
});

test('a schedule starts the state machine in its time zone, and keeps what it could not start', () => {
  expect(stack.one(SchedulerSchedule.tfResourceType)).toMatchObject({
    name: 'daily',
    schedule_expression: 'cron(0 4 * * ? *)',
    schedule_expression_timezone: 'Europe/Berlin',
    state: 'ENABLED',
    target: {
      arn: expect.stringContaining('aws_sfn_state_machine'),
      input: '{"sftp_file_path":"/outbound/big.zip"}',
      retry_policy: { maximum_event_age_in_seconds: 3_600, maximum_retry_attempts: 20 },
      dead_letter_config: { arn: expect.stringContaining('aws_sqs_queue') },
    },
  });
  expect(stack.one(SqsQueue.tfResourceType, 'partner-acme')).toMatchObject({
    sqs_managed_sse_enabled: true,
    message_retention_seconds: 1_209_600,
  });
});

test('a schedule can be switched off and stays', () => {
  const off = synthesise({ partners: [partner({ schedules: [schedule({ enabled: false })] })] });
  expect(off.one(SchedulerSchedule.tfResourceType).state).toBe('DISABLED');
});

test('the secret is made without a value', () => {
  expect(stack.one(SecretsmanagerSecret.tfResourceType).name).toBe('test/acme/sftp');
  expect(stack.has(SecretsmanagerSecretVersion.tfResourceType)).toBe(false);
});
