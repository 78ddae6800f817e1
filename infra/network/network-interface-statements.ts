import type { Statement } from '../policy.ts';

const USE_NETWORK_INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];
const SEE_NETWORK_INTERFACES = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];

/**
 * Lets Lambda, in the function's name, make the network interfaces of a function in a VPC, and forbids the same
 * to the function's own code.
 *
 * Describe actions do not support resources, and Lambda refuses a DeleteNetworkInterface narrower than all resources of
 * the region: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export function networkInterfaceStatements(owner: {
  functionName: string;
  region: string;
  accountId: string;
}): Statement[] {
  const { functionName, region, accountId } = owner;
  const functionArn = `arn:aws:lambda:${region}:${accountId}:function:${functionName}`;
  return [
    {
      Sid: 'LambdaMakesNetworkInterfaces',
      Action: USE_NETWORK_INTERFACES,
      Resource: `arn:aws:ec2:${region}:${accountId}:*/*`,
    },
    { Sid: 'LambdaSeesNetworkInterfaces', Action: SEE_NETWORK_INTERFACES, Resource: '*' },
    {
      Sid: 'CodeDoesNot',
      Effect: 'Deny',
      Action: [...USE_NETWORK_INTERFACES, ...SEE_NETWORK_INTERFACES],
      Resource: '*',
      Condition: {
        ArnEquals: { 'lambda:SourceFunctionArn': [functionArn, `${functionArn}:*`] },
      },
    },
  ];
}
