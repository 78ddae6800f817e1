import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { Aspects, type TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { Configuration } from '../config/schema.ts';
import { encrypt } from './encrypt.ts';
import { restrictRole } from './restrict-role.ts';

/**
 * What the account demands of every resource of a kind, whichever construct makes it: a boundary and a name for roles,
 * a key, a processor. It is applied to the finished stack, so that a construct of tomorrow cannot forget it.
 * Where nothing is demanded, nothing is changed.
 */
export function applyAccountRules(stack: TerraformStack, configuration: Configuration): void {
  const { roles, encryption, functions, region } = configuration;
  const visit = (node: IConstruct): void => {
    restrictRole(node, roles);
    if (encryption.kmsKeyArn !== undefined) encrypt(node, encryption.kmsKeyArn, region);
    if (node instanceof LambdaFunction) node.architectures = [functions.architecture];
  };
  Aspects.of(stack).add({ visit });
}
