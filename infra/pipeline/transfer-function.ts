import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { Construct } from 'constructs';
import type { FunctionCode } from '../bundling/function-code.ts';
import { policyDocument, type Statement, trustPolicy } from '../policy.ts';
import { functionStatements } from './function-policy.ts';

export interface TransferFunctionProps {
  /** At most 64 characters. */
  functionName: string;
  description: string;
  code: FunctionCode;
  /** 128 to 10,240. */
  memoryMb: number;
  /** At most 900, and below the TimeoutSeconds of its state, so that the function's own end is seen first. */
  timeoutSeconds: number;
  environment: Readonly<Record<string, string>>;
  /** What it may do beyond writing logs and traces. */
  permissions: readonly Statement[];
  logRetentionDays: number;
  region: string;
  accountId: string;
  /** Concurrent invocations that it is guaranteed and held to. @default neither */
  reservedConcurrency?: number | undefined;
  /** Private subnets and the security group to run in. @default outside the VPC */
  placement?: FunctionPlacement | undefined;
}

export interface FunctionPlacement {
  subnetIds: readonly string[];
  securityGroupId: string;
}

const RUNTIME = 'nodejs24.x';

/** One step of the workflow as a Lambda function, with a role and a log group of its own. */
export class TransferFunction extends Construct {
  public readonly functionName: string;
  public readonly arn: string;
  /** ARN of the version that this deployment published: whoever keeps it keeps this code and these settings. */
  public readonly versionArn: string;
  public readonly roleName: string;
  public readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: TransferFunctionProps) {
    super(scope, id);
    const { functionName, placement } = props;
    // Made before the function, else Lambda makes it itself, without retention.
    const logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: `/aws/lambda/${functionName}`,
      retentionInDays: props.logRetentionDays,
    });
    const role = new IamRole(this, 'role', {
      name: functionName,
      assumeRolePolicy: trustPolicy('lambda.amazonaws.com'),
    });
    const policy = new IamRolePolicy(this, 'policy', {
      name: 'step',
      role: role.name,
      policy: policyDocument(
        functionStatements({ ...props, logGroupArn: logGroup.arn, isInNetwork: placement !== undefined }),
      ),
    });
    const lambda = new LambdaFunction(this, 'function', {
      functionName,
      description: props.description,
      role: role.arn,
      runtime: RUNTIME,
      architectures: ['arm64'],
      handler: 'index.handler',
      filename: props.code.filename,
      sourceCodeHash: props.code.sourceCodeHash,
      publish: true,
      memorySize: props.memoryMb,
      timeout: props.timeoutSeconds,
      environment: { variables: props.environment },
      tracingConfig: { mode: 'Active' },
      ...(props.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
      ...(placement && {
        vpcConfig: { subnetIds: [...placement.subnetIds], securityGroupIds: [placement.securityGroupId] },
      }),
      dependsOn: [logGroup, policy],
    });
    this.functionName = lambda.functionName;
    this.arn = lambda.arn;
    this.versionArn = lambda.qualifiedArn;
    this.roleName = role.name;
    this.logGroupName = logGroup.name;
  }
}
