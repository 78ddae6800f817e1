import { folderWorkflowName } from '../../folder/run/workflow-name.ts';
import { didYouMean } from '../../infra/config/did-you-mean.ts';
import { pipelineName } from '../../infra/pipeline/names.ts';
import { hidePassword } from '../format/hide-password.ts';
import { UsageError } from '../usage-error.ts';
import { parseWorkflowArn } from './arn.ts';
import { type DeployedStack, findStack } from './deployed-stack.ts';
import type { Executions } from './step-functions/executions.ts';
import type { AwsLocation } from './step-functions/sfn-client.ts';

/** What names a pipeline on the command line: a partner of the configuration, or the ARN of its state machine. */
export type PipelineTarget =
  /** `name` is the state machine's; functions' names begin with it. `label` is for people. */
  | { by: 'arn'; arn: string; name: string; label: string; region: string }
  /** `file` is the configuration that the stack's name is from; undefined with --stack-name. */
  | { by: 'name'; name: string; label: string; region: string | undefined; file: string | undefined };

/** What the command line says about where the stack is. */
export interface StackFlags {
  stackName?: string;
  /** Goes before the region of the configuration. */
  region?: string;
  /** The partner's runs over folders are meant, not its files' transfers. */
  folders?: true;
}

/** @throws UsageError */
export function parsePipelineTarget(
  text: string,
  flags: StackFlags,
  stack: () => DeployedStack = () => findStack(flags.stackName),
): PipelineTarget {
  const arn = parseWorkflowArn(text);
  if (arn?.kind === 'execution') throw new UsageError(`${text} is an execution; a partner is wanted here`);
  if (arn !== undefined) {
    const { region, stateMachineName: name } = arn;
    return { by: 'arn', arn: arn.arn, name, label: name, region };
  }
  if (text.startsWith('arn:')) throw new UsageError(`${text} is not the ARN of a state machine`);
  const { name, region, partners, file } = stack();
  if (partners !== undefined && !partners.includes(text)) {
    throw new UsageError(
      `${JSON.stringify(hidePassword(text))} is not a partner of ${file}, which has ${partners.join(', ')}` +
        `${didYouMean(text, partners)}; --stack-name or SFTP_TO_S3_CONFIG names another stack` +
        `${EXECUTION_NAME.test(text) ? `; a transfer is named with its partner, as ${partners[0]}/${text}` : ''}`,
    );
  }
  return { by: 'name', name: pipelineName(name, text), label: text, region: flags.region ?? region, file };
}

/** The workflow over the folders of that partner, in place of its transfers. The ARN of a state machine is meant as it is. */
export function folderTarget(target: PipelineTarget): PipelineTarget {
  return target.by === 'arn' ? target : { ...target, name: folderWorkflowName(target.name) };
}

/** As `start` and EventBridge Scheduler name executions: nobody calls a partner so. */
const EXECUTION_NAME = /^\d{8}T\d{6}-|^[0-9a-f]{8}-[0-9a-f]{4}-/;

/** All partners of the configuration; undefined for a stack that was named without configuration. */
export function configuredPipelineTargets(flags: StackFlags): PipelineTarget[] | undefined {
  const stack = findStack(flags.stackName);
  return stack.partners?.map((partner) => parsePipelineTarget(partner, flags, () => stack));
}

/** What names one execution: its ARN, its name beside the pipeline, or the pipeline whose newest one is meant. */
export type ExecutionTarget =
  | { by: 'arn'; arn: string; region: string }
  | { by: 'name'; name: string; of: PipelineTarget }
  | { by: 'pipeline'; of: PipelineTarget };

/**
 * `<partner>`, `<partner>/<name>`, or an ARN; a name may also be an argument of its own, behind the partner.
 * @throws UsageError
 */
export function parseExecutionTarget(
  text: string,
  name: string | undefined,
  flags: StackFlags,
  stack?: () => DeployedStack,
): ExecutionTarget {
  const arn = parseWorkflowArn(text);
  if (arn?.kind === 'execution') {
    if (name !== undefined) throw new UsageError(`${text} is an execution; ${name} cannot name it again`);
    return { by: 'arn', arn: arn.arn, region: arn.region };
  }
  const slash = text.indexOf('/');
  if (slash < 0) {
    const of = workflowOf(parsePipelineTarget(text, flags, stack), flags);
    return name === undefined ? { by: 'pipeline', of } : { by: 'name', name, of };
  }
  if (name !== undefined) throw new UsageError(`${text} names an execution; ${name} cannot name it again`);
  const of = workflowOf(parsePipelineTarget(text.slice(0, slash), flags, stack), flags);
  return { by: 'name', name: text.slice(slash + 1), of };
}

function workflowOf(target: PipelineTarget, { folders }: StackFlags): PipelineTarget {
  return folders ? folderTarget(target) : target;
}

/** Where the target is asked for: `--region` goes before the region that comes with it. */
export function locationOf(
  target: ExecutionTarget | PipelineTarget | undefined,
  { region, endpointUrl }: StackFlags & { endpointUrl?: string },
): AwsLocation {
  return { region: region ?? (target && regionOf(target)), endpoint: endpointUrl };
}

function regionOf(target: ExecutionTarget | PipelineTarget): string | undefined {
  return 'of' in target ? target.of.region : target.region;
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
  const where = target.region ?? 'the region of the AWS configuration';
  const from = target.file === undefined ? '' : ` (the stack is that of ${target.file})`;
  throw new UsageError(
    `there is no state machine ${target.name} in ${where}${from}; is the stack deployed, and are these the right account and region?`,
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
  if (target.by === 'name') return executionArn(stateMachineArn, target.name);
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
  if (target.by !== 'pipeline') return findExecution(target, executions, signal);
  const stateMachineArn = await findStateMachine(target.of, executions, signal);
  const running = await executions.list(stateMachineArn, { limit: 20, status: 'RUNNING' }, signal);
  const [only, ...others] = running.map(({ name }) => `${target.of.label}/${name}`);
  if (only === undefined) throw new UsageError(`no transfer of ${target.of.label} is running`);
  if (others.length > 0) {
    throw new UsageError(
      `several transfers of ${target.of.label} are running; name one of them:\n${[only, ...others].join('\n')}`,
    );
  }
  return String(running[0]?.executionArn);
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html */
function executionArn(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}
