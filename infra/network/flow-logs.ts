import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { Construct } from 'constructs';
import { policyDocument, trustPolicy } from '../policy.ts';

export interface FlowLogsProps {
  /** First part of every name. */
  name: string;
  accountId: string;
  vpcId: string;
  retentionDays: number;
}

/** Who talked to whom in the VPC, by connection, in CloudWatch Logs. */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: `/aws/vpc/${props.name}`,
      retentionInDays: props.retentionDays,
    });
    const role = new IamRole(this, 'role', {
      name: `${props.name}-flow-logs`,
      assumeRolePolicy: trustPolicy('vpc-flow-logs.amazonaws.com', props.accountId),
    });
    new IamRolePolicy(this, 'policy', {
      name: 'flow-logs',
      role: role.name,
      policy: policyDocument([
        {
          Sid: 'WriteFlowLogs',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
          Resource: `${logGroup.arn}:*`,
        },
      ]),
    });
    new FlowLog(this, 'flow-log', {
      vpcId: props.vpcId,
      trafficType: 'ALL',
      logDestinationType: 'cloud-watch-logs',
      logDestination: logGroup.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 60,
    });
  }
}
