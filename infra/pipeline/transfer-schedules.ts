import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule/index.js';
import { SchedulerScheduleGroup } from '@cdktf/provider-aws/lib/scheduler-schedule-group/index.js';
import { Construct } from 'constructs';
import type { ScheduleConfiguration } from '../config/partner/partner-schema.ts';
import { policyDocument, trustPolicy } from '../policy.ts';

export interface TransferSchedulesProps {
  /** Name of the group, whose metrics are the partner's; schedules are named within it. */
  groupName: string;
  accountId: string;
  schedules: readonly ScheduleConfiguration[];
  stateMachineArn: string;
  /** Undefined where the partner has no folders. */
  folderStateMachineArn?: string | undefined;
  deadLetterQueueArn: string;
}

/** A start that fails is tried again for an hour; a later one would meet the next day's file. */
const MAX_EVENT_AGE_SECONDS = 3_600;
const MAX_RETRY_ATTEMPTS = 20;

/** Starts transfers, and runs over folders, by the clock. What cannot be started goes to the dead-letter queue. */
export class TransferSchedules extends Construct {
  constructor(scope: Construct, id: string, props: TransferSchedulesProps) {
    super(scope, id);
    const { stateMachineArn, folderStateMachineArn, deadLetterQueueArn } = props;
    const isForFolders = props.schedules.some(({ folder }) => folder !== undefined);
    const mayStart =
      isForFolders && folderStateMachineArn !== undefined
        ? [stateMachineArn, folderStateMachineArn]
        : stateMachineArn;
    const group = new SchedulerScheduleGroup(this, 'group', { name: props.groupName });
    const role = new IamRole(this, 'role', {
      name: `${props.groupName}-scheduler`,
      assumeRolePolicy: trustPolicy('scheduler.amazonaws.com', props.accountId),
    });
    const policy = new IamRolePolicy(this, 'policy', {
      name: 'start-transfers',
      role: role.name,
      policy: policyDocument([
        { Sid: 'StartTransfers', Action: 'states:StartExecution', Resource: mayStart },
        { Sid: 'KeepUndelivered', Action: 'sqs:SendMessage', Resource: deadLetterQueueArn },
      ]),
    });
    for (const schedule of props.schedules) {
      new SchedulerSchedule(this, schedule.name, {
        name: schedule.name,
        groupName: group.name,
        scheduleExpression: schedule.cron,
        scheduleExpressionTimezone: schedule.timeZone,
        state: schedule.enabled ? 'ENABLED' : 'DISABLED',
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: (schedule.folder === undefined ? undefined : folderStateMachineArn) ?? stateMachineArn,
          roleArn: role.arn,
          input: JSON.stringify(schedule.folder === undefined ? schedule.input : { folder: schedule.folder }),
          retryPolicy: {
            maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
            maximumRetryAttempts: MAX_RETRY_ATTEMPTS,
          },
          deadLetterConfig: { arn: deadLetterQueueArn },
        },
        dependsOn: [policy],
      });
    }
  }
}
