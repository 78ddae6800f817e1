import type { DeployedStack } from '../../../../cli/deployed/deployed-stack.ts';
import {
  findExecution,
  findRunningExecution,
  findStateMachine,
  locationOf,
  parseExecutionTarget,
  parsePipelineTarget,
} from '../../../../cli/deployed/find-target.ts';
import { UsageError } from '../../../../cli/usage-error.ts';
import { MemoryExecutions } from '../../../support/aws/memory-executions.ts';

const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:sftp-to-s3-acme';
const EXECUTION = 'arn:aws:states:us-east-1:123456789012:execution:sftp-to-s3-acme:nightly';
const STACK: DeployedStack = {
  name: 'files',
  region: 'eu-west-1',
  partners: ['acme', 'globex'],
  file: 'config/files.json',
};
const never = new AbortController().signal;

test('a partner of the configuration has a state machine of the name that the stack gives it', () => {
  expect(parsePipelineTarget('acme', {}, () => STACK)).toEqual({
    by: 'name',
    name: 'files-acme',
    label: 'acme',
    region: 'eu-west-1',
    file: 'config/files.json',
  });
});

test('an ARN needs no configuration, and brings its region', () => {
  const noStack = () => {
    throw new Error('not asked for');
  };

  expect(parsePipelineTarget(MACHINE, {}, noStack)).toEqual({
    by: 'arn',
    arn: MACHINE,
    name: 'sftp-to-s3-acme',
    label: 'sftp-to-s3-acme',
    region: 'eu-central-1',
  });
  expect(parseExecutionTarget(EXECUTION, undefined, {})).toEqual({
    by: 'arn',
    arn: EXECUTION,
    region: 'us-east-1',
  });
});

test('with --stack-name any partner goes', () => {
  expect(parsePipelineTarget('anyone', { stackName: 'other' })).toMatchObject({
    name: 'other-anyone',
    region: undefined,
  });
});

test.each([
  [
    'an unknown partner',
    'acne',
    'is not a partner of config/files.json, which has acme, globex; did you mean acme?',
  ],
  ['an execution where a partner is wanted', EXECUTION, 'is an execution; a partner is wanted here'],
  ['another ARN', 'arn:aws:s3:::landing', 'is not the ARN of a state machine'],
])('%s is a usage error', (_name, text, message) => {
  const parse = () => parsePipelineTarget(text, {}, () => STACK);

  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(message);
});

test('a state machine that is not deployed is a usage error that says where it was looked for', async () => {
  const executions = new MemoryExecutions();
  const target = parsePipelineTarget('acme', {}, () => STACK);

  await expect(findStateMachine(target, executions, never)).rejects.toThrow(
    'there is no state machine files-acme in eu-west-1 (the stack is that of config/files.json)',
  );
  executions.stateMachines.set('files-acme', MACHINE);
  await expect(findStateMachine(target, executions, never)).resolves.toBe(MACHINE);
});

test('the region of the command line goes before that of the configuration, in errors as well', async () => {
  const executions = new MemoryExecutions();
  const target = parsePipelineTarget('acme', { region: 'us-east-1' }, () => STACK);

  expect(locationOf(target, { region: 'us-east-1' })).toEqual({ region: 'us-east-1', endpoint: undefined });
  await expect(findStateMachine(target, executions, never)).rejects.toThrow(
    'there is no state machine files-acme in us-east-1',
  );
});

test.each([
  ['partner/name', 'acme/20261125T182914-f60871cd', undefined],
  ['a name beside the partner', 'acme', '20261125T182914-f60871cd'],
  ["a name behind the state machine's ARN", `${MACHINE}/20261125T182914-f60871cd`, undefined],
])('an execution is named by %s', async (_form, text, name) => {
  const executions = new MemoryExecutions();
  executions.stateMachines.set('files-acme', MACHINE);
  const target = parseExecutionTarget(text, name, {}, () => STACK);
  const arn = 'arn:aws:states:eu-central-1:123456789012:execution:sftp-to-s3-acme:20261125T182914-f60871cd';

  await expect(findExecution(target, executions, never)).resolves.toBe(arn);
  await expect(findRunningExecution(target, executions, never)).resolves.toBe(arn);
});

test.each([
  ['a name without its partner', '20261125T182914-f60871cd', undefined, 'as acme/20261125T182914-f60871cd'],
  ['a name twice', 'acme/one', 'two', 'acme/one names an execution; two cannot name it again'],
  ['an ARN and a name', EXECUTION, 'two', 'is an execution; two cannot name it again'],
])('%s is a usage error', (_name, text, name, message) => {
  const parse = () => parseExecutionTarget(text, name, {}, () => STACK);

  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(message);
});

test('a partner stands for its newest execution', async () => {
  const executions = new MemoryExecutions();
  const target = parseExecutionTarget(MACHINE, undefined, {});

  await expect(findExecution(target, executions, never)).rejects.toThrow('has no transfer yet');
  executions.listed = ['newest', 'older'].map((name) => listed(name, 'SUCCEEDED'));
  await expect(findExecution(target, executions, never)).resolves.toBe('newest');
});

test('only an execution that is meant beyond doubt is stopped', async () => {
  const executions = new MemoryExecutions();
  const target = parseExecutionTarget(MACHINE, undefined, {});
  executions.listed = [listed('over', 'SUCCEEDED')];

  await expect(findRunningExecution(target, executions, never)).rejects.toThrow('is running');
  executions.listed.push(listed('running-1', 'RUNNING'));
  await expect(findRunningExecution(target, executions, never)).resolves.toBe('running-1');
  executions.listed.push(listed('running-2', 'RUNNING'));
  await expect(findRunningExecution(target, executions, never)).rejects.toThrow(
    'several transfers of sftp-to-s3-acme are running; name one of them:\nsftp-to-s3-acme/running-1\nsftp-to-s3-acme/running-2',
  );
  await expect(
    findRunningExecution(parseExecutionTarget(EXECUTION, undefined, {}), executions, never),
  ).resolves.toBe(EXECUTION);
});

function listed(executionArn: string, status: 'RUNNING' | 'SUCCEEDED') {
  return { executionArn, stateMachineArn: MACHINE, name: executionArn, status, startDate: new Date() };
}
