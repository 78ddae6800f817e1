import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ProviderMirror } from './tools.ts';

export const PROJECT = path.join(import.meta.dirname, '../../..');
/** Providers before this one refuse the runtime that is deployed. */
export const FIRST_PROVIDER_WITH_RUNTIME = 6;
export const SYNTH_TIMEOUT_MS = 120_000;

/**
 * Runs `main.ts` on a configuration, as `cdktf deploy` does.
 * @param folder receives configuration, output and, later, the state; the same one again changes the stack
 * @param project with the `main.ts`; by default this one
 * @returns the folder that Terraform runs in
 */
export async function synthesise(
  configuration: { name: string },
  folder: string,
  project = PROJECT,
): Promise<string> {
  const configurationFile = path.join(folder, 'config.json');
  writeFileSync(configurationFile, JSON.stringify(configuration));
  await promisify(execFile)(process.execPath, ['--disable-warning=DEP0044', path.join(project, 'main.ts')], {
    cwd: project,
    env: {
      PATH: process.env.PATH,
      SFTP_TO_S3_CONFIG: configurationFile,
      CDKTF_OUTDIR: path.join(folder, 'cdktf.out'),
    },
    timeout: SYNTH_TIMEOUT_MS,
  });
  return path.join(folder, 'cdktf.out/stacks', configuration.name);
}

/**
 * Lets the provider that is here take the stack: its own version instead of the pinned one and, where it is too old to
 * know them, the runtime before the deployed one, and no attribute of regional NAT gateways. Nothing else is changed.
 */
export function adaptToProvider(stackFolder: string, { version }: ProviderMirror): void {
  const file = path.join(stackFolder, 'cdk.tf.json');
  const stack = JSON.parse(readFileSync(file, 'utf8'));
  stack.terraform.required_providers.aws.version = version;
  if (Number(version.split('.')[0]) < FIRST_PROVIDER_WITH_RUNTIME) {
    for (const lambda of Object.values<{ runtime: string }>(stack.resource.aws_lambda_function)) {
      lambda.runtime = 'nodejs22.x';
    }
    for (const gateway of Object.values<{ lifecycle?: object }>(stack.resource.aws_nat_gateway ?? {})) {
      delete gateway.lifecycle;
    }
  }
  writeFileSync(file, JSON.stringify(stack, null, 2));
}
