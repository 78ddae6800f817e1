import { Construct } from 'constructs';
import { folderStepSizes } from '../pipeline/folders/folder-step-sizes.ts';
import type { PartnerPipeline } from '../pipeline/partner-pipeline.ts';
import { stepSizes } from '../pipeline/step-sizes.ts';
import { FOLDER_STEPS, STEPS } from '../steps.ts';
import { Alarm } from './alarm.ts';
import type { AlarmDefinition } from './alarms/alarm-definition.ts';
import { undeliveredAlarm } from './alarms/delivery-alarms.ts';
import { noSuccessAlarm, throttledAlarm } from './alarms/execution-alarms.ts';
import { folderAlarms } from './alarms/folder-alarms.ts';
import { functionAlarms, type WatchedFunction } from './alarms/function-alarms.ts';

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
          partner: pipeline.partner,
          ...target,
        }).arn,
    );
  }
}

/** States that the mails about failed executions cannot tell. */
function definitions(pipeline: PartnerPipeline): AlarmDefinition[] {
  const { partner, stateMachineArn, folderWorkflow } = pipeline;
  const isScheduled = partner.schedules.some(({ enabled, folder }) => enabled && folder === undefined);
  const stateMachineArns = [stateMachineArn, ...(folderWorkflow ? [folderWorkflow.stateMachineArn] : [])];
  return [
    ...(isScheduled && partner.expectSuccessWithinHours !== false
      ? [noSuccessAlarm(stateMachineArn, partner.expectSuccessWithinHours)]
      : []),
    ...(folderWorkflow === undefined ? [] : folderAlarms(partner, folderWorkflow.stateMachineArn)),
    throttledAlarm(stateMachineArns),
    ...functionAlarms(watchedFunctions(pipeline)),
    undeliveredAlarm(pipeline.deadLetterQueueName),
  ];
}

function watchedFunctions({ partner, functions, folderWorkflow }: PartnerPipeline): WatchedFunction[] {
  const sizes = stepSizes(partner);
  const folderSizes = folderStepSizes(partner);
  return [
    ...STEPS.map((step) => ({ step, functionName: functions[step].functionName, ...sizes[step] })),
    ...(folderWorkflow === undefined
      ? []
      : FOLDER_STEPS.map((step) => ({
          step,
          functionName: folderWorkflow.functions[step].functionName,
          ...folderSizes[step],
        }))),
  ];
}
