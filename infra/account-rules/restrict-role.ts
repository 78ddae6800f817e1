import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { Token } from 'cdktf';
import type { IConstruct } from 'constructs';
import { MAX_ROLE_NAME_CHARACTERS, type RolesConfiguration } from '../config/account-schema.ts';

const DEFAULT_PATH = '/';

/** Puts a role under the account's boundary, path and naming. @throws RangeError for a name that IAM would refuse */
export function restrictRole(node: IConstruct, roles: RolesConfiguration): void {
  if (!(node instanceof IamRole)) return;
  const { permissionsBoundaryArn, path, namePrefix } = roles;
  if (permissionsBoundaryArn !== undefined) node.permissionsBoundary = permissionsBoundaryArn;
  if (path !== DEFAULT_PATH) node.path = path;
  const name = `${namePrefix}${node.nameInput}`;
  if (!Token.isUnresolved(name) && name.length > MAX_ROLE_NAME_CHARACTERS) {
    throw new RangeError(
      `roles.namePrefix ${namePrefix} makes ${name}, but a role's name has at most ${MAX_ROLE_NAME_CHARACTERS} characters`,
    );
  }
  node.name = name;
}
