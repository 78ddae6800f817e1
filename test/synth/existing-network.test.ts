import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js';
import { escapeReferences, existingNetwork, partner, type Synthesised, synthesise } from './synthesised.ts';

const inExisting = (existing: object = {}, rest: object = {}) =>
  synthesise({ network: { existing: existingNetwork(existing) }, ...rest });

const privatePartner = partner({ host: 'sftp.acme.internal', allowedCidrs: ['10.20.0.0/16'] });
const stack = inExisting();

/** Where the partner's functions may connect to, as target and port. */
const egress = (of: Synthesised) =>
  Object.values(of.all(VpcSecurityGroupEgressRule.tfResourceType)).map((rule) => [
    rule.cidr_ipv4 ?? rule.prefix_list_id ?? rule.referenced_security_group_id,
    rule.from_port,
  ]);
const environment = (of: Synthesised, step: string) =>
  of.one(LambdaFunction.tfResourceType, step).environment.variables;

test('nothing of a network is made: no VPC, subnet, route, gateway or address', () => {
  const types = Object.keys(stack.json.resource);
  const ofNetworks = types.filter((type) =>
    /^aws_(vpc$|vpc_endpoint|subnet|route|internet_gateway|nat_gateway|eip|default_|flow_log|network_acl)/.test(
      type,
    ),
  );
  expect(ofNetworks).toEqual([]);
});

test('it is only read, and a subnet of another VPC or a VPC without DNS fails the plan', () => {
  const { data } = stack.json;
  expect(Object.values(data.aws_vpc)).toEqual([
    expect.objectContaining({
      id: 'vpc-0123456789abcdef0',
      lifecycle: {
        postcondition: [expect.objectContaining({ condition: `\${self.enable_dns_support}` })],
      },
    }),
  ]);
  expect(Object.values(data.aws_subnet)).toHaveLength(2);
  for (const subnet of Object.values<{ lifecycle: object }>(data.aws_subnet)) {
    expect(JSON.stringify(subnet.lifecycle)).toContain('self.vpc_id == \\"vpc-0123456789abcdef0\\"');
  }
});

test('the functions run in its subnets, and say its addresses', () => {
  expect(stack.one(LambdaFunction.tfResourceType, 'download-segment').vpc_config.subnet_ids).toEqual([
    'subnet-0aaaaaaaaaaaaaaa0',
    'subnet-0bbbbbbbbbbbbbbb0',
  ]);
  expect(environment(stack, 'download-segment').EGRESS_ADDRESSES).toBe('["198.51.100.7","198.51.100.8"]');
  expect(stack.json.output.addresses_to_allowlist.value).toEqual(['198.51.100.7', '198.51.100.8']);
  expect(stack.json.output.allowlist_requests.value.acme).toContain('from 198.51.100.7 and 198.51.100.8.');
});

test('there are no alarms or graphs of NAT gateways, and the rest of the dashboard is there', () => {
  const alarms = Object.values(stack.all('aws_cloudwatch_metric_alarm'));
  expect(alarms.filter(({ namespace }) => namespace === 'AWS/NATGateway')).toEqual([]);
  const body = escapeReferences(stack.one(CloudwatchDashboard.tfResourceType).dashboard_body);
  expect(body).not.toContain('NAT');
  expect(body).toContain('Addresses that partners must allow: **198.51.100.7, 198.51.100.8**');
  expect(body).toContain('acme: alarms');
});

describe('the way to S3', () => {
  test('present: its prefix list is looked up, and a VPC without one fails the plan', () => {
    expect(Object.values(stack.json.data.aws_vpc_endpoint)).toEqual([
      expect.objectContaining({
        vpc_id: 'vpc-0123456789abcdef0',
        service_name: 'com.amazonaws.eu-west-1.s3',
        filter: [{ name: 'vpc-endpoint-type', values: ['Gateway'] }],
      }),
    ]);
    expect(egress(stack)).toContainEqual([
      expect.stringMatching(/^\$\{data\.aws_vpc_endpoint\.\S+\.prefix_list_id\}$/),
      443,
    ]);
  });

  test('create: one is made on the route tables named, and nothing else of a network', () => {
    const created = inExisting({
      s3GatewayEndpoint: 'create',
      privateRouteTableIds: ['rtb-0123456789abcdef0'],
    });
    expect(created.one(VpcEndpoint.tfResourceType)).toMatchObject({
      vpc_id: 'vpc-0123456789abcdef0',
      vpc_endpoint_type: 'Gateway',
      route_table_ids: ['rtb-0123456789abcdef0'],
    });
  });

  test('none: port 443 is open once, since AWS refuses the same rule a second time', () => {
    const none = inExisting({ s3GatewayEndpoint: 'none' });
    expect(egress(none).filter(([, port]) => port === 443)).toEqual([['0.0.0.0/0', 443]]);
    expect(none.json.data.aws_vpc_endpoint).toBeUndefined();
  });
});

describe('the way to Secrets Manager', () => {
  test("present: port 443 leads to the endpoint's security group, and to no other host", () => {
    const present = inExisting({ secretsManagerEndpoint: 'present' });
    expect(egress(present)).toContainEqual([
      expect.stringMatching(/^\$\{tolist\(data\.aws_vpc_endpoint\.\S+\.security_group_ids\)\[0\]\}$/),
      443,
    ]);
    expect(egress(present).map(([target]) => target)).not.toContain('0.0.0.0/0');
  });

  test('create: its group lets in the ranges of the subnets', () => {
    const created = inExisting({ secretsManagerEndpoint: 'create' });
    expect(created.one(VpcEndpoint.tfResourceType)).toMatchObject({ vpc_endpoint_type: 'Interface' });
    expect(
      Object.values(created.all('aws_vpc_security_group_ingress_rule')).map(({ cidr_ipv4 }) => cidr_ipv4),
    ).toEqual([
      expect.stringMatching(/^\$\{data\.aws_subnet\.\S+aaaa\S+\.cidr_block\}$/),
      expect.stringMatching(/^\$\{data\.aws_subnet\.\S+bbbb\S+\.cidr_block\}$/),
    ]);
  });
});

test('a security group that is brought is used as it is: the stack makes none, and no rule in it', () => {
  const brought = inExisting({ securityGroupId: 'sg-0123456789abcdef0' });
  expect(brought.has(SecurityGroup.tfResourceType)).toBe(false);
  expect(brought.has(VpcSecurityGroupEgressRule.tfResourceType)).toBe(false);
  expect(
    brought.one(LambdaFunction.tfResourceType, 'get-file-metadata').vpc_config.security_group_ids,
  ).toEqual(['sg-0123456789abcdef0']);
});

describe('a partner in a private range', () => {
  const network = { existing: existingNetwork({ egressAddresses: [] }) };
  const alone = synthesise({ network, partners: [privatePartner] });

  test('is told the ranges of the subnets, which is what it sees, and no public address', () => {
    const letter = escapeReferences(alone.json.output.allowlist_requests.value.acme);
    expect(letter).toMatch(
      /from \$\{data\.aws_subnet\.\S+\.cidr_block\} and \$\{data\.aws_subnet\.\S+\.cidr_block\}\./,
    );
    expect(letter).not.toMatch(/\d+\.\d+\.\d+\.\d+/);
    expect(alone.json.output.addresses_to_allowlist.value).toEqual([]);
  });

  test('is told the same where others are reached over the internet, and they nothing of it', () => {
    const both = synthesise({
      network: { existing: existingNetwork() },
      partners: [privatePartner, partner({ name: 'globex' })],
    });
    const { acme, globex } = both.json.output.allowlist_requests.value;
    expect(acme).not.toContain('198.51.100.7');
    expect(globex).toContain('from 198.51.100.7 and 198.51.100.8.');
    expect(globex).not.toContain('aws_subnet');
  });

  test('in the network that the stack makes sees its private subnets', () => {
    const ours = synthesise({ partners: [privatePartner] });
    expect(ours.json.output.allowlist_requests.value.acme).toContain('from 10.64.8.0/24 and 10.64.9.0/24.');
  });

  test('is not measured by what the internet sees', () => {
    const egressEcho = { url: 'https://echo.example/', allowedCidrs: ['203.0.113.80/32'] };
    const echoed = synthesise({
      network: { existing: existingNetwork(), egressEcho },
      partners: [privatePartner, partner({ name: 'globex' })],
    });
    expect(environment(echoed, 'acme_get-file-metadata')).not.toHaveProperty('EGRESS_ECHO_URL');
    expect(environment(echoed, 'globex_get-file-metadata').EGRESS_ECHO_URL).toBe('https://echo.example/');
  });
});

test.each([
  ['https://echo.example/ip', 443],
  ['http://echo.example/', 80],
  ['https://echo.example:8443/', 8443],
])('the echo at %s can be reached on its port, where 443 is not open anyway', (url, port) => {
  const closed = synthesise({ network: { egressEcho: { url, allowedCidrs: ['192.0.2.80/32'] } } });
  expect(egress(closed)).toContainEqual(['192.0.2.80/32', port]);
});
