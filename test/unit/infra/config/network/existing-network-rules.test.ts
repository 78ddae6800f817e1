import { parseConfiguration } from '../../../../../infra/config/load-configuration.ts';
import { ConfigurationError, type Mistake } from '../../../../../infra/config/mistakes.ts';
import { existingNetwork, partner } from '../../../../synth/synthesised.ts';

const privatePartner = partner({ name: 'globex', allowedCidrs: ['10.20.0.0/16'] });

function mistakesIn(
  existing: object,
  { network = {}, partners = [partner()], region = 'eu-west-1' } = {},
): readonly Mistake[] {
  try {
    const raw = { region, partners, network: { existing: existingNetwork(existing), ...network } };
    parseConfiguration(raw, 'test.json');
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes;
    throw error;
  }
  return [];
}

test('a network with all that must be said is sound, and so is one for private partners that has no public address', () => {
  expect(mistakesIn({})).toEqual([]);
  expect(mistakesIn({ egressAddresses: [] }, { partners: [privatePartner] })).toEqual([]);
});

test('needs no zones in a region where no default is right, and no range of ours forbids a partner', () => {
  expect(mistakesIn({}, { region: 'ap-northeast-1' })).toEqual([]);
  expect(mistakesIn({}, { partners: [partner({ allowedCidrs: ['10.64.0.0/24'] })] })).toEqual([]);
});

test.each<[string, object, string, string]>([
  ['a VPC by its name', { vpcId: 'main' }, 'vpcId', 'the id of a VPC, as vpc-0123456789abcdef0'],
  ['a VPC id that is too short', { vpcId: 'vpc-0123456' }, 'vpcId', 'the id of a VPC'],
  ['no subnet', { privateSubnetIds: [] }, 'privateSubnetIds', 'at least one subnet'],
  [
    '17 subnets',
    { privateSubnetIds: Array.from({ length: 17 }, (_, i) => `subnet-000000${10 + i}`) },
    'privateSubnetIds',
    'at most 16 subnets',
  ],
  [
    'a subnet twice',
    { privateSubnetIds: ['subnet-0aaaaaaa', 'subnet-0aaaaaaa'] },
    'privateSubnetIds[1]',
    'must differ from network.existing.privateSubnetIds[0]',
  ],
  ['a range as address', { egressAddresses: ['198.51.100.0/24'] }, 'egressAddresses[0]', 'an IPv4 address'],
  ['a private address', { egressAddresses: ['10.0.0.7'] }, 'egressAddresses[0]', 'a public address'],
  [
    'an address of carrier NAT',
    { egressAddresses: ['100.64.0.1'] },
    'egressAddresses[0]',
    'a public address',
  ],
  [
    'no address for a partner of the internet',
    { egressAddresses: [] },
    'egressAddresses',
    'partner acme is reached over the internet',
  ],
  ['no word on S3', { s3GatewayEndpoint: undefined }, 's3GatewayEndpoint', 'one of present, create, none'],
  [
    'an unknown word on S3',
    { s3GatewayEndpoint: 'maybe' },
    's3GatewayEndpoint',
    'one of present, create, none',
  ],
  [
    'create without route tables',
    { s3GatewayEndpoint: 'create' },
    'privateRouteTableIds',
    'must name the route tables',
  ],
  [
    'route tables for an endpoint that is there',
    { privateRouteTableIds: ['rtb-0aaaaaaa'] },
    'privateRouteTableIds',
    'must be empty: s3GatewayEndpoint is present',
  ],
  [
    'a security group by its name',
    { securityGroupId: 'default' },
    'securityGroupId',
    'the id of a security group',
  ],
  ['a setting that is not there', { natGateways: 'single' }, 'natGateways', 'no such setting'],
])('%s is refused', (_name, existing, setting, bound) => {
  expect(mistakesIn(existing)).toEqual([
    expect.objectContaining({ path: `network.existing.${setting}`, bound: expect.stringContaining(bound) }),
  ]);
});

test.each(
  Object.entries({
    cidr: '10.0.0.0/20',
    availabilityZones: ['eu-west-1a'],
    natGateways: 'single',
    egressAllocationIds: {},
    protectEgressAddresses: true,
    secretsManagerEndpoint: true,
    flowLogs: true,
  }),
)('network.%s, which describes a network of ours, is refused beside it', (setting, value) => {
  expect(mistakesIn({}, { network: { [setting]: value } })).toEqual([
    {
      path: `network.${setting}`,
      value,
      bound: expect.stringContaining('must not be given beside network.existing'),
    },
  ]);
});

test.each<[string, unknown, string]>([
  ['another protocol', { url: 'ftp://echo.example/', allowedCidrs: ['192.0.2.1/32'] }, 'egressEcho.url'],
  ['a login', { url: 'https://a:b@echo.example/', allowedCidrs: ['192.0.2.1/32'] }, 'egressEcho.url'],
  ['no range', { url: 'https://echo.example/', allowedCidrs: [] }, 'egressEcho.allowedCidrs'],
  [
    'four ranges',
    { url: 'https://echo.example/', allowedCidrs: [1, 2, 3, 4].map((n) => `192.0.2.${n}/32`) },
    'egressEcho.allowedCidrs',
  ],
])('an echo with %s is refused', (_name, egressEcho, setting) => {
  expect(mistakesIn({}, { network: { egressEcho } })).toEqual([
    expect.objectContaining({ path: `network.${setting}` }),
  ]);
});
