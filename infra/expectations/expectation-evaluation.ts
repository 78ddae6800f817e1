import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule/index.js';
import { Construct } from 'constructs';
import type { FunctionCode } from '../bundling/function-code.ts';
import { deployedFoldersOf, type PartnerConfiguration } from '../config/partner/partner-schema.ts';
import type { LedgerTable } from '../ledger-table.ts';
import { Alarm } from '../monitoring/alarm.ts';
import type { AlarmTarget } from '../monitoring/partner-alarms.ts';
import { runtimeEnvironment } from '../pipeline/step-environment.ts';
import type { TargetBucket } from '../pipeline/step-permissions.ts';
import { TransferFunction } from '../pipeline/transfer-function.ts';
import { policyDocument, trustPolicy } from '../policy.ts';
import type { StateBucket } from '../state-bucket.ts';
import { EVALUATE_EXPECTATIONS } from '../steps.ts';
import { evaluationAlarm } from './evaluation-alarm.ts';
import { evaluationPermissions } from './evaluation-permissions.ts';

export interface ExpectationEvaluationProps extends AlarmTarget {
  accountId: string;
  /** Those with expectations. */
  partners: readonly PartnerConfiguration[];
  buckets: readonly TargetBucket[];
  ledgerTable: LedgerTable;
  /** Undefined where the stack has no folders. */
  stateBucket: StateBucket | undefined;
  /** Of the alert topic; undefined where it is not known. */
  topicKeyArn: string | undefined;
  code: FunctionCode;
  logRetentionDays: number;
}

/** Listings of large folders are read whole. */
const MEMORY_MB = 512;
const TIMEOUT_SECONDS = 240;
/** On the minutes that people write into deadlines. */
const EVERY_FIVE_MINUTES = 'cron(0/5 * * * ? *)';
/** The next one comes soon, and sees more. */
const MAX_EVENT_AGE_SECONDS = 120;

/** Looks every five minutes whether what the partners' configuration expects has landed, and informs the alert topic. */
export class ExpectationEvaluation extends Construct {
  constructor(scope: Construct, id: string, props: ExpectationEvaluationProps) {
    super(scope, id);
    const { stackName, region, accountId, ledgerTable, stateBucket } = props;
    const name = `${stackName}-${EVALUATE_EXPECTATIONS}`;
    const evaluate = new TransferFunction(this, EVALUATE_EXPECTATIONS, {
      functionName: name,
      description: `Looks whether what is expected in ${stackName} has landed`,
      code: props.code,
      memoryMb: MEMORY_MB,
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: {
        ...runtimeEnvironment(),
        LEDGER_TABLE: ledgerTable.tableName,
        ALERT_TOPIC_ARN: props.topicArn,
        STACK_NAME: stackName,
        STATE_MACHINE_PREFIX: `arn:aws:states:${region}:${accountId}:stateMachine:${stackName}-`,
        ...(stateBucket !== undefined && { STATE_BUCKET: stateBucket.bucketName }),
        ...(props.runbookBaseUrl !== undefined && { RUNBOOK_BASE_URL: props.runbookBaseUrl }),
      },
      permissions: evaluationPermissions({
        ...props,
        ledgerTableArn: ledgerTable.arn,
        stateBucketArn: stateBucket?.arn,
      }),
      logRetentionDays: props.logRetentionDays,
      region,
      accountId,
    });
    this.addSchedule(name, evaluate.arn, props);
    const definition = evaluationAlarm(evaluate.functionName);
    new Alarm(this, 'alarm', { ...props, namePrefix: stackName, definition });
  }

  /** It is not the schedule that starts the transfers: whether those start is part of what is watched. */
  private addSchedule(name: string, functionArn: string, props: ExpectationEvaluationProps): void {
    const role = new IamRole(this, 'scheduler-role', {
      name: `${name}-scheduler`,
      assumeRolePolicy: trustPolicy('scheduler.amazonaws.com', props.accountId),
    });
    const policy = new IamRolePolicy(this, 'scheduler-policy', {
      name: 'evaluate',
      role: role.name,
      policy: policyDocument([{ Sid: 'Evaluate', Action: 'lambda:InvokeFunction', Resource: functionArn }]),
    });
    new SchedulerSchedule(this, 'schedule', {
      name,
      scheduleExpression: EVERY_FIVE_MINUTES,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: functionArn,
        roleArn: role.arn,
        input: evaluationInput(props.partners),
        retryPolicy: { maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS, maximumRetryAttempts: 1 },
      },
      dependsOn: [policy],
    });
  }
}

/** What the function is called with. Terraform takes `${` and `%{` in any string for its own; JSON can write them otherwise. */
function evaluationInput(partners: readonly PartnerConfiguration[]): string {
  const input = {
    partners: partners.map((partner) => ({
      partner: partner.name,
      ...(partner.contact !== undefined && { contact: partner.contact }),
      expectations: partner.expectations,
      folders: deployedFoldersOf(partner).filter(({ name }) =>
        partner.expectations.some(({ folder }) => folder === name),
      ),
    })),
  };
  return JSON.stringify(input).replaceAll('${', '\\u0024{').replaceAll('%{', '\\u0025{');
}
