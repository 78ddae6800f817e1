import { z } from 'zod';
import { overlaps, PRIVATE_RANGES, parseCidr } from '../cidr.ts';
import { partnerSchema } from '../partner/partner-schema.ts';
import { REGIONS_WITHOUT_DEFAULT_ZONES } from '../regions.ts';
import { duplicates, type Rule, rule } from '../rule.ts';
import { availabilityZonesOf, configurationSchema, landingBucketSchema, networkSchema } from '../schema.ts';

/** Sixteen subnets of at least 64 addresses each, and no VPC larger than AWS allows. */
const MIN_NETWORK_PREFIX_LENGTH = 16;
const MAX_NETWORK_PREFIX_LENGTH = 22;

const region = configurationSchema.shape.region;
const { cidr, availabilityZones, egressAllocationIds } = networkSchema.shape;

const networkIsPrivateAndLargeEnough = rule(
  z.object({ network: z.object({ cidr }).prefault({}) }),
  ({ network }) => {
    const range = parseCidr(network.cidr);
    const isPrivate = PRIVATE_RANGES.some((privateRange) => range && overlaps(range, privateRange));
    const isRightSize =
      range !== undefined &&
      range.prefixLength >= MIN_NETWORK_PREFIX_LENGTH &&
      range.prefixLength <= MAX_NETWORK_PREFIX_LENGTH;
    if (isPrivate && isRightSize) return [];
    const bound = `it must be a private range of /${MIN_NETWORK_PREFIX_LENGTH} to /${MAX_NETWORK_PREFIX_LENGTH}`;
    return [{ path: 'network.cidr', value: network.cidr, bound }];
  },
);

const zonesAreDistinctAndOfTheRegion = rule(
  z.object({ region, network: z.object({ availabilityZones }) }),
  (configuration) => {
    const zones = configuration.network.availabilityZones ?? [];
    const pathOf = (index: number) => `network.availabilityZones[${index}]`;
    const foreign = zones.flatMap((zone, index) =>
      zone.slice(0, -1) === configuration.region
        ? []
        : [{ path: pathOf(index), value: zone, bound: `it must be a zone of ${configuration.region}` }],
    );
    return [...foreign, ...duplicates(zones, (zone) => zone, pathOf)];
  },
);

const broughtAddressesAreDistinctAndOfOurZones = rule(
  z.object({ region, network: z.object({ availabilityZones, egressAllocationIds }) }),
  (configuration) => {
    const zones = availabilityZonesOf(configuration);
    const brought = Object.entries(configuration.network.egressAllocationIds);
    const pathOf = (index: number) => `network.egressAllocationIds.${brought[index]?.[0]}`;
    const strange = brought.flatMap(([zone, allocationId], index) =>
      zones.includes(zone)
        ? []
        : [
            {
              path: pathOf(index),
              value: allocationId,
              bound: `its zone must be one of ${zones.join(', ')}`,
            },
          ],
    );
    return [...strange, ...duplicates(brought, ([, allocationId]) => allocationId, pathOf)];
  },
);

const landingKeyIsInTheRegion = rule(
  z.object({ region, landingBucket: z.object({ kmsKeyArn: landingBucketSchema.shape.kmsKeyArn }) }),
  (configuration) => {
    const { kmsKeyArn } = configuration.landingBucket;
    if (kmsKeyArn === undefined || kmsKeyArn.split(':')[3] === configuration.region) return [];
    const bound = `it must be a key of ${configuration.region}, where the bucket is`;
    return [{ path: 'landingBucket.kmsKeyArn', value: kmsKeyArn, bound }];
  },
);

/** Found at synth instead of in the middle of an apply, after the protected addresses were made. */
const zonesAreNamedWhereNoDefaultIsRight = rule(
  z.object({
    region,
    network: z.object({ availabilityZones, existing: z.unknown().optional() }).prefault({}),
  }),
  (configuration) => {
    const { existing, availabilityZones: zones } = configuration.network;
    const isNamed = zones !== undefined || existing !== undefined;
    if (isNamed || !REGIONS_WITHOUT_DEFAULT_ZONES.includes(configuration.region)) return [];
    const bound =
      `it must be given in ${configuration.region}, where not every account has zones a and b; ` +
      `aws ec2 describe-availability-zones --region ${configuration.region} lists yours`;
    return [{ path: 'network.availabilityZones', value: undefined, bound }];
  },
);

const targetKeysAreInTheRegion = rule(
  z.object({ region, partners: z.array(z.object({ targetBuckets: partnerSchema.shape.targetBuckets })) }),
  (configuration) =>
    configuration.partners.flatMap(({ targetBuckets }, partner) =>
      targetBuckets.flatMap(({ kmsKeyArn }, bucket) => {
        if (kmsKeyArn === undefined || kmsKeyArn.split(':')[3] === configuration.region) return [];
        const bound = `it must be a key of ${configuration.region}: target buckets are in the stack's region`;
        const path = `partners[${partner}].targetBuckets[${bucket}].kmsKeyArn`;
        return [{ path, value: kmsKeyArn, bound }];
      }),
    ),
);

export const networkRules: readonly Rule[] = [
  networkIsPrivateAndLargeEnough,
  zonesAreDistinctAndOfTheRegion,
  broughtAddressesAreDistinctAndOfOurZones,
  landingKeyIsInTheRegion,
  zonesAreNamedWhereNoDefaultIsRight,
  targetKeysAreInTheRegion,
];
