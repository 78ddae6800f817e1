import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RecordedCall } from './emulator.ts';
import { actionOf } from './granted.ts';
import { PROJECT } from './synthesised-stack.ts';
import { TERRAFORM_NAME } from './terraform.ts';

/** What Terraform did in these calls, each action once, in the order of the alphabet. */
export function actionsOfTerraform(calls: readonly RecordedCall[]): string[] {
  return [...new Set(calls.filter(({ who }) => who === TERRAFORM_NAME).map(actionOf))].sort();
}

/** Every action of the policy that is shipped for the role that deploys. */
export function shippedActions(): string[] {
  const file = path.join(PROJECT, 'docs/deploying-role-policy.json');
  const { Statement } = JSON.parse(readFileSync(file, 'utf8')) as { Statement: { Action: string[] }[] };
  return Statement.flatMap(({ Action }) => Action);
}
