import { CloudBackend, LocalBackend, NamedCloudWorkspace, type TerraformStack } from 'cdktf';
import type { TerraformCloudConfiguration } from './config/schema.ts';

/** Terraform runs in cdktf.out/stacks/<name>: this is the project's folder from there. */
const PROJECT_FOLDER_FROM_STACK = '../../..';

/**
 * Says where the state is kept and plans run: in Terraform Cloud, else in a file of the project's folder. The
 * file's path is relative, so that a synthesised stack is the same in every folder.
 */
export function keepState(
  stack: TerraformStack,
  name: string,
  cloud: TerraformCloudConfiguration | undefined,
): void {
  if (cloud === undefined) {
    new LocalBackend(stack, { path: `${PROJECT_FOLDER_FROM_STACK}/terraform.${name}.tfstate` });
    return;
  }
  const { organization, hostname, workspace = name, project } = cloud;
  new CloudBackend(stack, {
    organization,
    ...(hostname !== undefined && { hostname }),
    workspaces: new NamedCloudWorkspace(workspace, project),
  });
}
