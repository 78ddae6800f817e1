import { Construct } from 'constructs';
import type { PartnerConfiguration } from '../config/partner/partner-schema.ts';
import { folderStepSizes } from '../pipeline/folders/folder-step-sizes.ts';
import type { PartnerPipeline } from '../pipeline/partner-pipeline.ts';
import { stepSizes } from '../pipeline/step-sizes.ts';
import { FOLDER_STEPS, STEPS } from '../steps.ts';
import { Alarm } from './alarm.ts';
import type { AlarmDefinition } from './alarms/alarm-definition.ts';
import { deliveryAlarms } from './alarms/delivery-alarms.ts';
import { errorAlarms } from './alarms/error-alarms.ts';
import { executionAlarms, noSuccessAlarm } from './alarms/execution-alarms.ts';
import { folderAlarms } from './alarms/folder-alarms.ts';
import { functionAlarms } from './alarms/function-alarms.ts';

export interface AlarmTarget {
  /** First part of every alarm's name. */
  stackName: string;
  region: string;
  topicArn: string;
  runbookBaseUrl?: string | undefined;
}

/** Every alarm of one partner. */
export class PartnerAlarms extends Construct {
  public readonly arns: readonly string[];
  /** Stems of their runbooks. */
  public readonly runbooks: readonly string[];

  constructor(scope: Construct, id: string, pipeline: PartnerPipeline, target: AlarmTarget) {
    super(scope, id);
    const alarms = definitions(pipeline);
    this.runbooks = alarms.map(({ runbook }) => runbook);
    this.arns = alarms.map(
      (definition) =>
        new Alarm(this, definition.name, {
          namePrefix: `${target.stackName}-${pipeline.partner.name}`,
          definition,
          advice: adviceOf(pipeline.partner, target),
          ...target,
        }).arn,
    );
  }
}

/** What is the same for all of a partner's alarms, ready to be copied at 03:00. */
function adviceOf({ name, contact }: PartnerConfiguration, { stackName, region }: AlarmTarget): string[] {
  const history = `npx sftp-to-s3 history ${name} --stack-name ${stackName} --region ${region}`;
  return [
    `First command: ${history}`,
    ...(contact === undefined ? [] : [`Contact of the partner: ${contact}`]),
  ];
}

function definitions(pipeline: PartnerPipeline): AlarmDefinition[] {
  const { partner, functions, stateMachineArn, deadLetterQueueName, scheduleGroupName } = pipeline;
  const sizes = stepSizes(partner);
  const isScheduled = partner.schedules.some(({ enabled, folder }) => enabled && folder === undefined);
  return [
    ...executionAlarms(stateMachineArn),
    ...(isScheduled && partner.expectSuccessWithinHours !== false
      ? [noSuccessAlarm(stateMachineArn, partner.expectSuccessWithinHours)]
      : []),
    ...STEPS.flatMap((step) =>
      functionAlarms(step, functions[step].functionName, sizes[step].timeoutSeconds),
    ),
    ...errorAlarms(partner.name),
    ...folderDefinitions(pipeline),
    ...deliveryAlarms({
      deadLetterQueue: deadLetterQueueName,
      ...(scheduleGroupName !== undefined && { scheduleGroup: scheduleGroupName }),
    }),
  ];
}

/** Of a partner with folders. */
function folderDefinitions({ partner, folderWorkflow }: PartnerPipeline): AlarmDefinition[] {
  if (folderWorkflow === undefined) return [];
  const sizes = folderStepSizes(partner);
  return [
    ...folderAlarms(partner, folderWorkflow.stateMachineArn),
    ...FOLDER_STEPS.flatMap((step) =>
      functionAlarms(step, folderWorkflow.functions[step].functionName, sizes[step].timeoutSeconds),
    ),
  ];
}
