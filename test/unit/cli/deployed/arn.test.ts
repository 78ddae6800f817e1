import { parseWorkflowArn } from '../../../../cli/deployed/arn.ts';

test.each([
  [
    'arn:aws:states:eu-central-1:123456789012:stateMachine:sftp-to-s3-acme',
    { kind: 'stateMachine', region: 'eu-central-1', stateMachineName: 'sftp-to-s3-acme' },
  ],
  [
    'arn:aws-cn:states:cn-north-1:123456789012:execution:sftp-to-s3-acme:nightly.1',
    {
      kind: 'execution',
      region: 'cn-north-1',
      stateMachineName: 'sftp-to-s3-acme',
      executionName: 'nightly.1',
    },
  ],
])('%s', (arn, expected) => {
  expect(parseWorkflowArn(arn)).toEqual({ arn, ...expected });
});

test.each([
  ['a partner', 'acme'],
  ['another service', 'arn:aws:lambda:eu-central-1:123456789012:function:f'],
  ['an execution without its name', 'arn:aws:states:eu-central-1:123456789012:execution:m'],
  ['a version of a state machine', 'arn:aws:states:eu-central-1:123456789012:stateMachine:m:1'],
  ['an account of eleven digits', 'arn:aws:states:eu-central-1:12345678901:stateMachine:m'],
])('%s is none', (_name, text) => {
  expect(parseWorkflowArn(text)).toBeUndefined();
});
