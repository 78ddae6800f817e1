import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js';
import { partner, type Synthesised, synthesise } from './synthesised.ts';

/** Where a stack's functions may connect to: target and ports, in the order of the configuration. */
const egress = (stack: Synthesised) =>
  Object.values(stack.all(VpcSecurityGroupEgressRule.tfResourceType)).map((rule) => [
    rule.cidr_ipv4 ?? rule.prefix_list_id ?? rule.referenced_security_group_id,
    `${rule.ip_protocol} ${rule.from_port}-${rule.to_port}`,
  ]);

test("a partner's functions reach the partner's port, S3, and Secrets Manager over NAT without its endpoint", () => {
  const stack = synthesise({ network: { secretsManagerEndpoint: false } });
  expect(egress(stack)).toEqual(
    expect.arrayContaining([
      ['198.51.100.0/24', 'tcp 2222-2222'],
      ['203.0.113.7/32', 'tcp 2222-2222'],
      [expect.stringMatching(/^\$\{aws_vpc_endpoint\.\w+\.prefix_list_id\}$/), 'tcp 443-443'],
      ['0.0.0.0/0', 'tcp 443-443'],
    ]),
  );
  expect(egress(stack)).toHaveLength(4);
});

test('port 443 leads to S3 and Secrets Manager, and to no other host', () => {
  const stack = synthesise();
  const targets = egress(stack).map(([target]) => target);
  expect(targets).not.toContain('0.0.0.0/0');
  expect(targets).toContainEqual(expect.stringContaining('secrets-manager'));
  expect(stack.one(VpcEndpoint.tfResourceType, 'secrets-manager')).toMatchObject({
    vpc_endpoint_type: 'Interface',
    private_dns_enabled: true,
  });
});

test('each partner has a group of its own, with its own port and addresses', () => {
  const stack = synthesise({
    partners: [partner(), partner({ name: 'globex', port: 22, allowedCidrs: ['192.0.2.0/24'] })],
  });
  const groups = Object.keys(stack.all(SecurityGroup.tfResourceType));
  expect(groups.filter((name) => name.startsWith('partner-'))).toHaveLength(2);
  const ofGlobex = Object.entries(stack.all(VpcSecurityGroupEgressRule.tfResourceType)).filter(([name]) =>
    name.includes('partner-globex'),
  );
  expect(ofGlobex.map(([, rule]) => rule.cidr_ipv4 ?? 'AWS')).toEqual(
    expect.arrayContaining(['192.0.2.0/24', 'AWS', 'AWS']),
  );
  expect(ofGlobex).toHaveLength(3);
});

test('nothing may connect to the functions', () => {
  const stack = synthesise();
  const entries = Object.values(stack.all(VpcSecurityGroupIngressRule.tfResourceType));
  expect(entries.map((rule) => rule.security_group_id)).toEqual([
    expect.stringContaining('endpoints_secrets-manager-security-group'),
  ]);
  for (const group of Object.values(stack.all(SecurityGroup.tfResourceType))) {
    expect(group).not.toHaveProperty('ingress');
  }
});
