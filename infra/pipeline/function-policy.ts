import { networkInterfaceStatements } from '../network/network-interface-statements.ts';
import type { Statement } from '../policy.ts';
import { WRITE_TRACES } from './step-permissions.ts';

export interface FunctionPolicyScope {
  functionName: string;
  region: string;
  accountId: string;
  logGroupArn: string;
  /** Whether the function runs in the VPC. */
  isInNetwork: boolean;
  /** Of its step. */
  permissions: readonly Statement[];
}

/** Everything that a step's function may do: its step's permissions, logs, traces, and the interfaces of the VPC. */
export function functionStatements(scope: FunctionPolicyScope): Statement[] {
  return [
    {
      Sid: 'WriteLogs',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: `${scope.logGroupArn}:*`,
    },
    WRITE_TRACES,
    ...(scope.isInNetwork ? networkInterfaceStatements(scope) : []),
    ...scope.permissions,
  ];
}
