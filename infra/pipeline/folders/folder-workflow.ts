import { Construct } from 'constructs';
import { folderWorkflowName } from '../../../folder/run/workflow-name.ts';
import type { FunctionCode } from '../../bundling/function-code.ts';
import { deployedFoldersOf, type PartnerConfiguration } from '../../config/partner/partner-schema.ts';
import type { StateBucket } from '../../state-bucket.ts';
import {
  FOLDER_STEPS,
  FOLDER_STEPS_WITH_SESSIONS,
  type FolderStep,
  functionPlaceholder,
  type PerFolderStep,
  type PerStep,
  perFolderStep,
  type Step,
} from '../../steps.ts';
import { fillPlaceholders } from '../fill-placeholders.ts';
import { functionName } from '../names.ts';
import { type EnvironmentScope, folderStepEnvironment } from '../step-environment.ts';
import type { PermissionScope } from '../step-permissions.ts';
import { type FunctionPlacement, TransferFunction } from '../transfer-function.ts';
import { TransferWorkflow } from '../transfer-workflow.ts';
import { folderStepPermissions, folderWorkflowPermissions } from './folder-step-permissions.ts';
import { folderStepSizes } from './folder-step-sizes.ts';

export interface FolderWorkflowProps {
  /** Name of the partner's pipeline. */
  pipelineName: string;
  partner: PartnerConfiguration;
  region: string;
  accountId: string;
  logRetentionDays: number;
  stateBucket: StateBucket;
  code: PerFolderStep<FunctionCode>;
  /** The text of statemachine/folder.asl.json. */
  definition: string;
  environment: EnvironmentScope;
  permissions: PermissionScope;
  /** For the functions that speak SFTP. */
  placement: FunctionPlacement;
  /** The transfer workflow and its functions: it copies the large files, and its sessions are shared. */
  transfer: { stateMachineArn: string; functions: PerStep<TransferFunction> };
}

/** Of the transfer workflow's functions, those that a folder's run calls itself. */
const SHARED_STEPS = ['reserve-sessions', 'release-sessions'] as const satisfies readonly Step[];

const STEPS_IN_NETWORK: readonly FolderStep[] = FOLDER_STEPS_WITH_SESSIONS;

/** Runs over a partner's folders; only partners with folders have it. */
export class FolderWorkflow extends Construct {
  public readonly stateMachineArn: string;
  public readonly workflowLogGroupName: string;
  public readonly functions: PerFolderStep<TransferFunction>;

  constructor(scope: Construct, id: string, props: FolderWorkflowProps) {
    super(scope, id);
    const { partner, transfer } = props;
    const name = folderWorkflowName(props.pipelineName);
    const permissions = {
      ...props.permissions,
      folders: partner.folders.map((folder) => folder.name),
      stateBucketArn: props.stateBucket.arn,
      folderStateMachineName: name,
    };
    this.functions = this.addFunctions(props, folderStepPermissions(permissions));
    const shared = SHARED_STEPS.map((step) => [step, transfer.functions[step]] as const);
    const own = FOLDER_STEPS.map((step) => [step, this.functions[step]] as const);
    const called = [...shared, ...own];
    const workflow = new TransferWorkflow(this, 'workflow', {
      stateMachineName: name,
      accountId: props.accountId,
      definition: fillPlaceholders(props.definition, {
        ...Object.fromEntries(
          called.map(([step, { versionArn }]) => [functionPlaceholder(step), versionArn]),
        ),
        StateBucket: props.stateBucket.bucketName,
        FolderSettings: withoutReferences(JSON.stringify(deployedFoldersOf(partner))),
        PartnerName: partner.name,
        TransferStateMachineArn: transfer.stateMachineArn,
      }),
      permissions: folderWorkflowPermissions(
        permissions,
        called.map(([, { arn }]) => arn),
        transfer.stateMachineArn,
      ),
      logRetentionDays: props.logRetentionDays,
    });
    this.stateMachineArn = workflow.arn;
    this.workflowLogGroupName = workflow.logGroupName;
  }

  private addFunctions(
    props: FolderWorkflowProps,
    permissions: ReturnType<typeof folderStepPermissions>,
  ): PerFolderStep<TransferFunction> {
    const { partner, region, accountId, logRetentionDays } = props;
    const sizes = folderStepSizes(partner);
    const environment = folderStepEnvironment(props.environment, props.stateBucket.bucketName);
    return perFolderStep(
      (step) =>
        new TransferFunction(this, step, {
          functionName: functionName(props.pipelineName, step),
          description: `${step} of folder runs of ${partner.name}`,
          code: props.code[step],
          ...sizes[step],
          environment: environment[step],
          permissions: permissions[step],
          logRetentionDays,
          region,
          accountId,
          placement: STEPS_IN_NETWORK.includes(step) ? props.placement : undefined,
        }),
    );
  }
}

/** Terraform takes `${` and `%{` in any string for its own; in JSON both can be written without the brace's partner. */
function withoutReferences(json: string): string {
  return json.replaceAll('${', '\\u0024{').replaceAll('%{', '\\u0025{');
}
