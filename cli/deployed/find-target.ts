import { pipelineName } from '../../infra/pipeline/names.ts';
import { hidePassword } from '../format/hide-password.ts';
import { UsageError } from '../usage-error.ts';
import { parseWorkflowArn } from './arn.ts';
import { type DeployedStack, findStack } from './deployed-stack.ts';
import type { Executions } from './executions.ts';

/** What names a pipeline on the command line: a partner of the configuration, or the ARN of its state machine. */
export type PipelineTarget =
  /** `name` is the state machine's; functions' names begin with it. `label` is for people. */
  | { by: 'arn'; arn: string; name: string; label: string; region: string }
  | { by: 'name'; name: string; label: string; region: string | undefined };

/** @throws UsageError */
export function parsePipelineTarget(
  text: string,
  stackName: string | undefined,
  stack: () => DeployedStack = () => findStack(stackName),
): PipelineTarget {
  const arn = parseWorkflowArn(text);
  if (arn?.kind === 'execution') throw new UsageError(`${text} is an execution; a partner is wanted here`);
  if (arn !== undefined) {
    const { region, stateMachineName: name } = arn;
    return { by: 'arn', arn: arn.arn, name, label: name, region };
  }
  if (text.startsWith('arn:')) throw new UsageError(`${text} is not the ARN of a state machine`);
  const { name, region, partners } = stack();
  if (partners !== undefined && !partners.includes(text)) {
    throw new UsageError(
      `${JSON.stringify(hidePassword(text))} is not a partner of the configuration, which has ${partners.join(', ')}; --stack-name or SFTP_TO_S3_CONFIG names another stack`,
    );
  }
  return { by: 'name', name: pipelineName(name, text), label: text, region };
}

/** All partners of the configuration. @throws UsageError for a stack that was named without configuration */
export function allPipelineTargets(stackName: string | undefined): PipelineTarget[] {
  const stack = findStack(stackName);
  if (stack.partners === undefined) throw new UsageError('with --stack-name, name the partner too');
  return stack.partners.map((partner) => parsePipelineTarget(partner, stackName, () => stack));
}

/** What names one execution: its ARN, or the pipeline whose newest one is meant. */
export type ExecutionTarget =
  | { by: 'arn'; arn: string; region: string }
  | { by: 'pipeline'; of: PipelineTarget };

/** @throws UsageError */
export function parseExecutionTarget(text: string, stackName: string | undefined): ExecutionTarget {
  const arn = parseWorkflowArn(text);
  if (arn?.kind === 'execution') return { by: 'arn', arn: arn.arn, region: arn.region };
  return { by: 'pipeline', of: parsePipelineTarget(text, stackName) };
}

export function regionOf(target: ExecutionTarget | PipelineTarget): string | undefined {
  return target.by === 'pipeline' ? target.of.region : target.region;
}

/** @throws UsageError when it is not deployed in the account and region of the command */
export async function findStateMachine(
  target: PipelineTarget,
  executions: Executions,
  signal: AbortSignal,
): Promise<string> {
  if (target.by === 'arn') return target.arn;
  const arn = await executions.findStateMachine(target.name, signal);
  if (arn !== undefined) return arn;
  const where = target.region === undefined ? 'the region of the AWS configuration' : target.region;
  throw new UsageError(
    `there is no state machine ${target.name} in ${where}; is the stack deployed, and are these the right account and region?`,
  );
}

/** The ARN, or the newest execution of the pipeline. @throws UsageError when there is none */
export async function findExecution(
  target: ExecutionTarget,
  executions: Executions,
  signal: AbortSignal,
): Promise<string> {
  if (target.by === 'arn') return target.arn;
  const stateMachineArn = await findStateMachine(target.of, executions, signal);
  const [newest] = await executions.list(stateMachineArn, { limit: 1 }, signal);
  if (newest?.executionArn !== undefined) return newest.executionArn;
  throw new UsageError(`${target.of.label} has no transfer yet`);
}

/** The ARN, or the only running execution of the pipeline. @throws UsageError when there is none, or more than one */
export async function findRunningExecution(
  target: ExecutionTarget,
  executions: Executions,
  signal: AbortSignal,
): Promise<string> {
  if (target.by === 'arn') return target.arn;
  const stateMachineArn = await findStateMachine(target.of, executions, signal);
  const running = await executions.list(stateMachineArn, { limit: 20, status: 'RUNNING' }, signal);
  const [only, ...others] = running.map(({ executionArn }) => String(executionArn));
  if (only === undefined) throw new UsageError(`no transfer of ${target.of.label} is running`);
  if (others.length > 0) {
    throw new UsageError(
      `several transfers of ${target.of.label} are running; name one of them:\n${[only, ...others].join('\n')}`,
    );
  }
  return only;
}
