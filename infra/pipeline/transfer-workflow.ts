import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine/index.js';
import { Construct } from 'constructs';
import { policyDocument, type Statement, trustPolicy } from '../policy.ts';

export interface TransferWorkflowProps {
  /** At most 54 characters, since the role's name is longer by 10. */
  stateMachineName: string;
  accountId: string;
  /** ASL with every placeholder filled. */
  definition: string;
  permissions: readonly Statement[];
  logRetentionDays: number;
}

/**
 * Log delivery is configured for the account, not for a log group, and tracing has no resources:
 * https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
 */
const ACCOUNT_WIDE_STATEMENTS: readonly Statement[] = [
  {
    Sid: 'DeliverLogs',
    Action: [
      'logs:CreateLogDelivery',
      'logs:GetLogDelivery',
      'logs:UpdateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:DescribeResourcePolicies',
      'logs:DescribeLogGroups',
    ],
    Resource: '*',
  },
  {
    Sid: 'WriteTraces',
    Action: [
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
    ],
    Resource: '*',
  },
];

/** The state machine of one partner, with its log and role. */
export class TransferWorkflow extends Construct {
  public readonly arn: string;
  public readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: TransferWorkflowProps) {
    super(scope, id);
    const { stateMachineName } = props;
    // This prefix spares the account's log resource policy, which is limited to 5,120 characters.
    const logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: `/aws/vendedlogs/states/${stateMachineName}`,
      retentionInDays: props.logRetentionDays,
    });
    const role = new IamRole(this, 'role', {
      name: `${stateMachineName}-workflow`,
      assumeRolePolicy: trustPolicy('states.amazonaws.com', props.accountId),
    });
    const policy = new IamRolePolicy(this, 'policy', {
      name: 'workflow',
      role: role.name,
      policy: policyDocument([...props.permissions, ...ACCOUNT_WIDE_STATEMENTS]),
    });
    const stateMachine = new SfnStateMachine(this, 'state-machine', {
      name: stateMachineName,
      type: 'STANDARD',
      roleArn: role.arn,
      definition: props.definition,
      // Failures with their data; the console keeps every event of an execution for 90 days anyway.
      loggingConfiguration: {
        level: 'ERROR',
        includeExecutionData: true,
        logDestination: `${logGroup.arn}:*`,
      },
      tracingConfiguration: { enabled: true },
      // It is gone only when its executions are, "on the next state transition": the longest state has 15 minutes.
      timeouts: { delete: '20m' },
      dependsOn: [policy],
    });
    this.arn = stateMachine.arn;
    this.logGroupName = logGroup.name;
  }
}
