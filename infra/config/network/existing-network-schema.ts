import { z } from 'zod';
import { parseIpv4 } from '../cidr.ts';
import { cidr, list, oneOf, section, text } from '../fields.ts';

/** https://docs.aws.amazon.com/lambda/latest/api/API_VpcConfig.html */
const MAX_SUBNETS = 16;

/** Beside 55 ranges of a partner, and two rules that lead to AWS. */
const MAX_ECHO_CIDRS = 3;

/** Ids of EC2 are a prefix and 8 or 17 hexadecimal digits. */
const id = (prefix: string, what: string) =>
  text(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`), `${what}, as ${prefix}-0123456789abcdef0`);

const ipv4 = () =>
  z
    .string('it must be an IPv4 address')
    .refine((address) => parseIpv4(address) !== undefined, 'it must be an IPv4 address as a.b.c.d');

/** A network that others made: the stack then makes no VPC, subnet, route, NAT gateway or Elastic IP. */
export const existingNetworkSchema = section({
  vpcId: id('vpc', 'the id of a VPC').describe('The VPC that the functions run in.'),
  privateSubnetIds: list(id('subnet', 'the id of a subnet'))
    .min(1, 'it must name at least one subnet')
    .max(MAX_SUBNETS, `it must name at most ${MAX_SUBNETS} subnets, which is Lambda's limit`)
    .describe('Subnets of that VPC, one in each zone, whose routes lead to the partners.'),
  egressAddresses: list(ipv4())
    .default([])
    .describe(
      'Public addresses that transfers leave from, as the owner of the network says; for letters to partners and for ' +
        'error messages. Required where a partner is reached over the internet.',
    ),
  securityGroupId: id('sg', 'the id of a security group')
    .optional()
    .describe(
      'Security group of the functions. Its rules are then yours. Default: one for each partner, which leads to ' +
        'allowedCidrs and AWS only.',
    ),
  s3GatewayEndpoint: oneOf(['present', 'create', 'none']).describe(
    'present: the VPC has one, on the route tables of the subnets. create: makes one on privateRouteTableIds. ' +
      'none: every byte goes to S3 over the way out, and is paid for there.',
  ),
  privateRouteTableIds: list(id('rtb', 'the id of a route table'))
    .default([])
    .describe('Route tables of the subnets, for s3GatewayEndpoint create.'),
  secretsManagerEndpoint: oneOf(['present', 'create', 'none'])
    .default('none')
    .describe(
      'present: the VPC has an interface endpoint. create: makes one. none: Secrets Manager is reached over the way ' +
        'out, so port 443 is open to every host that it leads to.',
    ),
});

export type ExistingNetworkConfiguration = Readonly<z.infer<typeof existingNetworkSchema>>;

/** Something outside that answers with the address that it sees, as https://checkip.amazonaws.com does. */
export const egressEchoSchema = section({
  url: z
    .string('it must be an HTTP or HTTPS URL')
    .refine(isPlainUrl, 'it must be an HTTP or HTTPS URL without a login')
    .describe("Answers with the caller's IPv4 address as text, or as JSON in the field ip."),
  allowedCidrs: list(cidr())
    .min(1, 'it must hold at least one range')
    .max(MAX_ECHO_CIDRS, `it must hold at most ${MAX_ECHO_CIDRS} ranges: a security group has 60 rules`)
    .describe("Addresses of that URL's host, which the functions may then reach on its port."),
});

function isPlainUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.username === '';
}
