import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { folder, partner, statements, synthesise } from './synthesised.ts';

const stack = synthesise({
  partners: [partner({ contact: 'SFTP desk' }), partner({ name: 'globex', folders: [folder()] })],
});
const OURS = 'outcome-mails';

test('one rule calls it for every execution of the stack that did not succeed', () => {
  const { event_pattern } = stack.one(CloudwatchEventRule.tfResourceType, OURS);
  expect(JSON.parse(event_pattern)).toEqual({
    source: ['aws.states'],
    'detail-type': ['Step Functions Execution Status Change'],
    detail: {
      status: ['ABORTED', 'TIMED_OUT', 'FAILED'],
      stateMachineArn: [
        { prefix: expect.stringMatching(/^arn:aws:states:eu-west-1:.*:stateMachine:test-$/) },
      ],
    },
  });
});

test('a pattern and a policy are as long with many partners as with one', () => {
  const names = Array.from({ length: 20 }, (_, index) => partner({ name: `partner-${index + 10}` }));
  const many = synthesise({ partners: names });
  const policyOf = (synthesised: typeof stack) =>
    statements(synthesised).filter(({ owner }) => owner.includes(OURS));
  expect(policyOf(many)).toEqual(policyOf(synthesise()));
  expect(many.one(CloudwatchEventRule.tfResourceType, OURS).event_pattern.length).toBeLessThan(2_048);
});

test('what it cannot deliver, or fails at, waits in a queue of its own', () => {
  const queue = expect.stringContaining('outcome-mails_dead-letters_queue');
  expect(stack.one(CloudwatchEventTarget.tfResourceType, OURS).dead_letter_config.arn).toEqual(queue);
  expect(stack.one(LambdaFunctionEventInvokeConfig.tfResourceType, OURS)).toMatchObject({
    maximum_retry_attempts: 2,
    destination_config: { on_failure: { destination: queue } },
  });
});

test('it knows the stack, its partners and whom to write to, and runs outside the network', () => {
  const { environment, vpc_config } = stack.one(LambdaFunction.tfResourceType, OURS);
  expect(environment.variables).toMatchObject({
    STACK_NAME: 'test',
    PARTNERS: '{"acme":"SFTP desk","globex":""}',
    ALERT_TOPIC_ARN: expect.stringContaining('aws_sns_topic'),
  });
  expect(vpc_config).toBeUndefined();
});

test('a topic of others is told as it is, and no key is granted that the stack does not know', () => {
  const existingTopicArn = 'arn:aws:sns:eu-west-1:123456789012:on-call';
  const own = statements(synthesise({ alerts: { existingTopicArn } })).filter(({ owner }) =>
    owner.includes(OURS),
  );
  const allowed = own.flatMap(({ statement }) => (statement.Principal ? [] : [statement]));
  expect(allowed).toContainEqual(
    expect.objectContaining({ Action: ['sns:Publish'], Resource: [existingTopicArn] }),
  );
  expect(allowed.flatMap(({ Action }) => Action).filter((action) => action.startsWith('kms:'))).toEqual([]);
});
