import { DataAwsEip } from '@cdktf/provider-aws/lib/data-aws-eip/index.js';
import { Eip } from '@cdktf/provider-aws/lib/eip/index.js';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log/index.js';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway/index.js';
import { Route } from '@cdktf/provider-aws/lib/route/index.js';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table/index.js';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association/index.js';
import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js';
import { type Synthesised, synthesise } from './synthesised.ts';

const ZONES = ['eu-west-1a', 'eu-west-1b'];

const idOf = (stack: Synthesised, type: string, part: string) => {
  const [name] = Object.keys(stack.all(type)).filter((candidate) => candidate.includes(part));
  return `\${${type}.${name}.id}`;
};

/** Where what leaves the private subnet of a zone for the internet goes. */
const wayOut = (stack: Synthesised, zone: string) =>
  Object.values(stack.all(Route.tfResourceType)).find(
    (route) => route.route_table_id === idOf(stack, RouteTable.tfResourceType, `${zone}_private`),
  );

describe('one NAT gateway per zone', () => {
  const stack = synthesise();

  test.each(ZONES)('the private subnet of %s leaves through the NAT gateway of its own zone', (zone) => {
    expect(stack.one(RouteTableAssociation.tfResourceType, `${zone}_private`)).toMatchObject({
      route_table_id: idOf(stack, RouteTable.tfResourceType, `${zone}_private`),
      subnet_id: idOf(stack, Subnet.tfResourceType, `${zone}_private`),
    });
    expect(wayOut(stack, zone)).toMatchObject({
      destination_cidr_block: '0.0.0.0/0',
      nat_gateway_id: idOf(stack, NatGateway.tfResourceType, `nat-gateway-${zone}`),
    });
  });

  test.each(ZONES)(
    'the NAT gateway of %s stands in the public subnet, with the address of its zone',
    (zone) => {
      expect(stack.one(NatGateway.tfResourceType, zone)).toMatchObject({
        subnet_id: idOf(stack, Subnet.tfResourceType, `${zone}_public`),
        allocation_id: expect.stringContaining(`["${zone}"].allocation_id`),
      });
    },
  );

  test('what only regional NAT gateways have is no difference in a plan', () => {
    for (const gateway of Object.values(stack.all(NatGateway.tfResourceType))) {
      expect(gateway.lifecycle).toEqual({ ignore_changes: ['regional_nat_gateway_address'] });
    }
  });

  test('public subnets leave through the internet gateway', () => {
    expect(stack.one(Route.tfResourceType, 'way-to-internet')).toMatchObject({
      destination_cidr_block: '0.0.0.0/0',
      gateway_id: expect.stringContaining('aws_internet_gateway'),
    });
  });

  test('S3 is reached by a gateway endpoint on every private route table, and on no other', () => {
    expect(stack.one(VpcEndpoint.tfResourceType, '_s3_')).toMatchObject({
      vpc_endpoint_type: 'Gateway',
      service_name: 'com.amazonaws.eu-west-1.s3',
      route_table_ids: ZONES.map((zone) => idOf(stack, RouteTable.tfResourceType, `${zone}_private`)),
    });
  });

  test('nothing is logged of the traffic unless asked for', () => {
    expect(stack.has(FlowLog.tfResourceType)).toBe(false);
    expect(synthesise({ network: { flowLogs: true } }).has(FlowLog.tfResourceType)).toBe(true);
  });
});

describe('a single NAT gateway', () => {
  const stack = synthesise({ network: { natGateways: 'single' } });

  test('serves the private subnets of all zones', () => {
    expect(Object.keys(stack.all(NatGateway.tfResourceType))).toHaveLength(1);
    const natGatewayId = idOf(stack, NatGateway.tfResourceType, 'nat-gateway-eu-west-1a');
    for (const zone of ZONES) expect(wayOut(stack, zone)).toMatchObject({ nat_gateway_id: natGatewayId });
  });

  test('every zone keeps its address', () => {
    expect(stack.one(Eip.tfResourceType)).toMatchObject({
      for_each: expect.stringContaining('toset(["eu-west-1a", "eu-west-1b"])'),
    });
  });
});

describe('addresses', () => {
  test('are protected by a literal, the only thing that Terraform takes there', () => {
    expect(synthesise().one(Eip.tfResourceType).lifecycle).toEqual({ prevent_destroy: true });
    const unprotected = synthesise({ network: { protectEgressAddresses: false } });
    expect(unprotected.one(Eip.tfResourceType).lifecycle).toEqual({ prevent_destroy: false });
  });

  test('that are brought are used and not made', () => {
    const stack = synthesise({
      network: {
        egressAllocationIds: { 'eu-west-1a': 'eipalloc-0aaaaaaa', 'eu-west-1b': 'eipalloc-0bbbbbbb' },
      },
    });
    expect(stack.has(Eip.tfResourceType)).toBe(false);
    expect(stack.one(NatGateway.tfResourceType, 'eu-west-1b').allocation_id).toBe('eipalloc-0bbbbbbb');
    expect(Object.keys(stack.json.data[DataAwsEip.tfResourceType])).toHaveLength(2);
    expect(stack.json.output.addresses_to_allowlist.value).toEqual([
      expect.stringMatching(/^\$\{data\.aws_eip\.\S*eu-west-1a\S*\.public_ip\}$/),
      expect.stringMatching(/^\$\{data\.aws_eip\.\S*eu-west-1b\S*\.public_ip\}$/),
    ]);
  });

  test('may be brought for one zone and made for another', () => {
    const stack = synthesise({ network: { egressAllocationIds: { 'eu-west-1a': 'eipalloc-0aaaaaaa' } } });
    expect(stack.one(Eip.tfResourceType).for_each).toContain('toset(["eu-west-1b"])');
    expect(stack.one(NatGateway.tfResourceType, 'eu-west-1a').allocation_id).toBe('eipalloc-0aaaaaaa');
  });
});

describe('a zone more, put first', () => {
  const before = synthesise();
  const after = synthesise({ network: { availabilityZones: ['eu-west-1c', ...ZONES] } });

  test.each([Subnet, NatGateway, RouteTable])(
    'leaves every $tfResourceType as it was',
    ({ tfResourceType }) => {
      expect(after.all(tfResourceType)).toMatchObject(before.all(tfResourceType));
    },
  );
});

test.each([
  ['10.64.0.0/20', 'eu-west-1a', '10.64.0.0/24', '10.64.8.0/24'],
  ['10.64.0.0/20', 'eu-west-1b', '10.64.1.0/24', '10.64.9.0/24'],
  ['172.16.4.0/22', 'eu-west-1b', '172.16.4.64/26', '172.16.6.64/26'],
])('of %s, %s has %s as public and %s as private subnet', (cidr, zone, publicCidr, privateCidr) => {
  const stack = synthesise({ network: { cidr } });
  expect(stack.one(Subnet.tfResourceType, `${zone}_public`).cidr_block).toBe(publicCidr);
  expect(stack.one(Subnet.tfResourceType, `${zone}_private`).cidr_block).toBe(privateCidr);
});
