import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { TerraformStack, Testing } from 'cdktf';
import { restrictRole } from '../../infra/account-rules/restrict-role.ts';

const roleNamed = (name: string) =>
  new IamRole(new TerraformStack(Testing.app(), 'test'), 'role', { name, assumeRolePolicy: '{}' });

test('a role that the rules of the configuration do not know is held to the length of IAM, too', () => {
  const rules = { path: '/', namePrefix: 'corp-' };
  const fits = roleNamed('r'.repeat(59));
  restrictRole(fits, rules);
  expect(fits.nameInput).toHaveLength(64);
  expect(() => restrictRole(roleNamed('r'.repeat(60)), rules)).toThrow(
    "a role's name has at most 64 characters",
  );
});
