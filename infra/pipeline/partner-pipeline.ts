import { Construct } from 'constructs';
import { folderWorkflowName } from '../../folder/run/workflow-name.ts';
import type { FunctionCode } from '../bundling/function-code.ts';
import type { PartnerConfiguration } from '../config/partner/partner-schema.ts';
import type { Configuration } from '../config/schema.ts';
import type { LandingPlace } from '../landing-bucket.ts';
import type { LedgerTable } from '../ledger-table.ts';
import { isReachedOverTheInternet, sourceAddresses } from '../network/source-addresses.ts';
import type { TransferNetwork } from '../network/transfer-network.ts';
import { HTTPS_PORT, type VpcEndpoints } from '../network/vpc-endpoints.ts';
import type { StateBucket } from '../state-bucket.ts';
import {
  functionPlaceholder,
  type PerFolderStep,
  type PerStep,
  perStep,
  STEPS,
  STEPS_WITH_SESSIONS,
  type Step,
} from '../steps.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { EndedExecutionRule } from './ended-execution-rule.ts';
import { fillPlaceholders } from './fill-placeholders.ts';
import { FolderWorkflow } from './folders/folder-workflow.ts';
import { deadLetterQueueName, functionName, pipelineName, secretName } from './names.ts';
import { PartnerSecret } from './partner-secret.ts';
import { PartnerSecurityGroup } from './partner-security-group.ts';
import { type EnvironmentScope, stepEnvironment } from './step-environment.ts';
import {
  type PermissionScope,
  stepPermissions,
  type TargetBucket,
  workflowPermissions,
} from './step-permissions.ts';
import { sessionDrainSeconds, stepSizes } from './step-sizes.ts';
import { type FunctionPlacement, TransferFunction } from './transfer-function.ts';
import { TransferSchedules } from './transfer-schedules.ts';
import { TransferWorkflow } from './transfer-workflow.ts';

export interface PartnerPipelineProps {
  configuration: Configuration;
  partner: PartnerConfiguration;
  accountId: string;
  network: TransferNetwork;
  endpoints: VpcEndpoints;
  landingBucket: LandingPlace;
  ledgerTable: LedgerTable;
  code: PerStep<FunctionCode>;
  /** The text of statemachine/transfer.asl.json. */
  workflow: string;
  /** What runs over folders need; undefined where no partner has any. */
  folders: FolderParts | undefined;
}

/** What all partners with folders share. */
export interface FolderParts {
  stateBucket: StateBucket;
  code: PerFolderStep<FunctionCode>;
  /** The text of statemachine/folder.asl.json. */
  workflow: string;
}

const HTTP_PORT = 80;
/** How often kept parts whose time is over are looked for. */
const EXPIRY_SCHEDULE = 'rate(6 hours)';

/** Only what speaks SFTP needs a fixed address; the other steps stay outside the VPC. */
const STEPS_IN_NETWORK: readonly Step[] = STEPS_WITH_SESSIONS;

/**
 * Everything of one partner: what its functions can read, reach and fill up is this partner's alone.
 * Executions share the partner's sessions by leases in the ledger's table. The reserved concurrency of DownloadSegment is
 * the backstop for what no lease covers, such as functions of an execution that was stopped.
 */
export class PartnerPipeline extends Construct {
  public readonly partner: PartnerConfiguration;
  /** Where its transfers may write to. */
  public readonly targetBuckets: readonly TargetBucket[];
  /** What the partner must let in. */
  public readonly sourceAddresses: readonly string[];
  public readonly secretName: string;
  public readonly functions: PerStep<TransferFunction>;
  public readonly stateMachineArn: string;
  public readonly workflowLogGroupName: string;
  public readonly deadLetterQueueName: string;
  /** Undefined where the partner has no folders. */
  public readonly folderWorkflow: FolderWorkflow | undefined;

  constructor(scope: Construct, id: string, props: PartnerPipelineProps) {
    super(scope, id);
    const { partner, configuration, accountId } = props;
    this.targetBuckets = targetBuckets(props);
    const name = pipelineName(configuration.name, partner.name);
    const secret = new PartnerSecret(this, 'secret', secretName(configuration.name, partner.name));
    const deadLetters = new DeadLetterQueue(this, 'dead-letters', deadLetterQueueName(name));
    const permissions: PermissionScope = {
      region: configuration.region,
      accountId,
      secretArn: secret.arn,
      buckets: this.targetBuckets,
      stateMachineName: name,
      partner: partner.name,
      ledgerTableArn: props.ledgerTable.arn,
      keepPartsDays: partner.keepPartsDays,
      deadLetterQueueArn: deadLetters.arn,
      ...(partner.folders.length > 0 && { folderStateMachineName: folderWorkflowName(name) }),
    };

    const placement = {
      subnetIds: props.network.privateSubnetIds,
      securityGroupId: this.addSecurityGroup(name, props),
    };
    const environment = environmentScope(props, secret.arn);
    const functions = this.addFunctions(name, props, { permissions, environment, placement });
    const workflow = new TransferWorkflow(this, 'workflow', {
      stateMachineName: name,
      accountId,
      definition: fillPlaceholders(
        props.workflow,
        Object.fromEntries(STEPS.map((step) => [functionPlaceholder(step), functions[step].versionArn])),
      ),
      permissions: workflowPermissions(
        permissions,
        STEPS.map((step) => functions[step].arn),
      ),
      logRetentionDays: configuration.functions.logRetentionDays,
    });

    const folderWorkflow =
      props.folders === undefined || partner.folders.length === 0
        ? undefined
        : new FolderWorkflow(this, 'folders', {
            pipelineName: name,
            partner,
            region: configuration.region,
            accountId,
            logRetentionDays: configuration.functions.logRetentionDays,
            ...props.folders,
            definition: props.folders.workflow,
            environment,
            permissions,
            placement,
            transfer: { stateMachineArn: workflow.arn, functions },
          });

    /**
     * No Catch runs when an execution is stopped or times out; nor in one that fails because its history is full, or with
     * States.DataLimitExceeded or States.Runtime, which States.ALL does not catch. Where the Catch did run, AbortUpload
     * finds no upload any more. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
     */
    new EndedExecutionRule(this, 'stopped-executions', {
      ruleName: `${name}-stopped-executions`,
      description: 'Executions that were stopped, timed out or failed may leave an upload behind',
      stateMachineArn: workflow.arn,
      handler: functions['abort-upload'],
      deadLetters,
      scheduleExpression: partner.keepPartsDays === 0 ? undefined : EXPIRY_SCHEDULE,
    });
    if (partner.schedules.length > 0) {
      new TransferSchedules(this, 'schedules', {
        groupName: name,
        accountId,
        schedules: partner.schedules,
        stateMachineArn: workflow.arn,
        folderStateMachineArn: folderWorkflow?.stateMachineArn,
        deadLetterQueueArn: deadLetters.arn,
      });
    }

    this.partner = partner;
    this.sourceAddresses = sourceAddresses(partner.allowedCidrs, props.network);
    this.secretName = secret.secretName;
    this.functions = functions;
    this.stateMachineArn = workflow.arn;
    this.workflowLogGroupName = workflow.logGroupName;
    this.deadLetterQueueName = deadLetters.queueName;
    this.folderWorkflow = folderWorkflow;
  }

  private addFunctions(
    name: string,
    props: PartnerPipelineProps,
    scopes: { permissions: PermissionScope; environment: EnvironmentScope; placement: FunctionPlacement },
  ): PerStep<TransferFunction> {
    const { configuration, partner, accountId } = props;
    const { region, functions: settings } = configuration;
    const { placement } = scopes;
    const sizes = stepSizes(partner);
    const environment = stepEnvironment(scopes.environment);
    const permissions = stepPermissions(scopes.permissions);
    return perStep(
      (step) =>
        new TransferFunction(this, step, {
          functionName: functionName(name, step),
          description: `${step} of transfers from ${partner.name}`,
          code: props.code[step],
          ...sizes[step],
          environment: environment[step],
          permissions: permissions[step],
          logRetentionDays: settings.logRetentionDays,
          region,
          accountId,
          placement: STEPS_IN_NETWORK.includes(step) ? placement : undefined,
          reservedConcurrency:
            step === 'download-segment' && settings.reserveConcurrency ? partner.maxSessions : undefined,
        }),
    );
  }

  private addSecurityGroup(
    name: string,
    { partner, network, endpoints, configuration }: PartnerPipelineProps,
  ): string {
    if (network.securityGroupId !== undefined) return network.securityGroupId;
    const { egressEcho } = configuration.network;
    const { id } = new PartnerSecurityGroup(this, 'security-group', {
      name: `${name}-functions`,
      vpcId: network.vpcId,
      port: partner.port,
      allowedCidrs: partner.allowedCidrs,
      endpoints,
      usesLedger: partner.folders.length > 0,
      echo: egressEcho && { port: portOf(egressEcho.url), allowedCidrs: egressEcho.allowedCidrs },
    });
    return id;
  }
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'https:' ? HTTPS_PORT : HTTP_PORT) : Number(port);
}

function environmentScope(
  { configuration, partner, network, ledgerTable, landingBucket }: PartnerPipelineProps,
  secretArn: string,
): EnvironmentScope {
  return {
    partner,
    ledgerTableName: ledgerTable.tableName,
    sessionDrainSeconds: sessionDrainSeconds(stepSizes(partner)),
    secretArn,
    landingBucketName: landingBucket.bucketName,
    egressAddresses: sourceAddresses(partner.allowedCidrs, network),
    // What the internet sees does not concern a partner that is reached by another way.
    egressEchoUrl: isReachedOverTheInternet(partner.allowedCidrs)
      ? configuration.network.egressEcho?.url
      : undefined,
  };
}

function targetBuckets({
  accountId,
  configuration,
  partner,
  landingBucket,
}: PartnerPipelineProps): TargetBucket[] {
  const { bucketName, arn } = landingBucket;
  const { kmsKeyArn } = configuration.landingBucket;
  return [
    { name: bucketName, arn, accountId: landingBucket.accountId, kmsKeyArn },
    ...partner.targetBuckets.map((bucket) => ({
      ...bucket,
      arn: `arn:aws:s3:::${bucket.name}`,
      accountId: bucket.accountId ?? accountId,
    })),
  ];
}
