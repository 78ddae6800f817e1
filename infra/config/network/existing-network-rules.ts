import { z } from 'zod';
import { isPrivateRange } from '../cidr.ts';
import { partnerSchema } from '../partner/partner-schema.ts';
import { duplicates, type Rule, rule } from '../rule.ts';
import { networkSchema } from '../schema.ts';
import { existingNetworkSchema } from './existing-network-schema.ts';

const existing = existingNetworkSchema;
const ours = Object.keys(networkSchema.shape).filter((key) => key !== 'existing' && key !== 'egressEcho');

const identity = (text: string) => text;

/** They would be without effect: who gives both expects something that does not happen. */
const nothingOfOursIsGivenBesideIt = rule(
  z.object({ network: z.looseObject({ existing: z.looseObject({}) }) }),
  ({ network }) =>
    ours
      .filter((key) => network[key] !== undefined)
      .map((key) => ({
        path: `network.${key}`,
        value: network[key],
        bound:
          'it must not be given beside network.existing: it describes the network that the stack makes itself',
      })),
);

const listsHaveNoDuplicates = rule(z.object({ network: z.object({ existing }) }), ({ network }) =>
  (['privateSubnetIds', 'egressAddresses', 'privateRouteTableIds'] as const).flatMap((key) =>
    duplicates(network.existing[key], identity, (index) => `network.existing.${key}[${index}]`),
  ),
);

const routeTablesGoWithTheEndpoint = rule(z.object({ network: z.object({ existing }) }), ({ network }) => {
  const { s3GatewayEndpoint, privateRouteTableIds: value } = network.existing;
  const path = 'network.existing.privateRouteTableIds';
  if (s3GatewayEndpoint === 'create' && value.length === 0) {
    return [
      { path, value, bound: 'it must name the route tables of the subnets: s3GatewayEndpoint is create' },
    ];
  }
  if (s3GatewayEndpoint !== 'create' && value.length > 0) {
    return [{ path, value, bound: `it must be empty: s3GatewayEndpoint is ${s3GatewayEndpoint}` }];
  }
  return [];
});

/** Partners are told these addresses, and nobody reaches a private one over the internet. */
const toldAddressesArePublic = rule(z.object({ network: z.object({ existing }) }), ({ network }) =>
  network.existing.egressAddresses.flatMap((address, index) =>
    isPrivateRange(`${address}/32`)
      ? [
          {
            path: `network.existing.egressAddresses[${index}]`,
            value: address,
            bound:
              'it must be a public address; partners in private ranges are told the ranges of the subnets instead',
          },
        ]
      : [],
  ),
);

const addressesAreToldWherePartnersNeedThem = rule(
  z.object({
    network: z.object({ existing }),
    partners: z.array(
      z.object({ name: partnerSchema.shape.name, allowedCidrs: partnerSchema.shape.allowedCidrs }),
    ),
  }),
  ({ network, partners }) => {
    const { egressAddresses: value } = network.existing;
    const reached = partners.find(({ allowedCidrs }) => !allowedCidrs.every(isPrivateRange));
    if (value.length > 0 || reached === undefined) return [];
    const bound = `it must name at least one address: partner ${reached.name} is reached over the internet, and allowlists it`;
    return [{ path: 'network.existing.egressAddresses', value, bound }];
  },
);

export const existingNetworkRules: readonly Rule[] = [
  nothingOfOursIsGivenBesideIt,
  listsHaveNoDuplicates,
  routeTablesGoWithTheEndpoint,
  toldAddressesArePublic,
  addressesAreToldWherePartnersNeedThem,
];
