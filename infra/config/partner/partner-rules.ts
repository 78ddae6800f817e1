import { z } from 'zod';
import { LIFECYCLE_MARGIN_DAYS } from '../../../transfer/keep-parts.ts';
import { contains, overlaps, parseCidr, parseIpv4 } from '../cidr.ts';
import type { Mistake } from '../mistakes.ts';
import { duplicates, type Rule, rule } from '../rule.ts';
import { functionsSchema, landingBucketSchema, networkSchema } from '../schema.ts';
import { partnerSchema } from './partner-schema.ts';

/** Lambda refuses reservations that leave less: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const UNRESERVED_CONCURRENCY = 100;

type PartnerSetting = keyof typeof partnerSchema.shape;

const partnersAreDistinct = rule(
  z.object({ partners: z.array(z.object({ name: partnerSchema.shape.name })) }),
  ({ partners }) =>
    duplicates(
      partners,
      (partner) => partner.name,
      (index) => `partners[${index}].name`,
    ),
);

/** What all partners reserve must leave Lambda's unreserved rest. */
const reservationsFitTheAccount = rule(
  z.object({
    functions: z.object(functionsSchema.shape).prefault({}),
    partners: z.array(z.object({ maxSessions: partnerSchema.shape.maxSessions })),
  }),
  ({ functions, partners }) => {
    if (!functions.reserveConcurrency) return [];
    const reserved = partners.reduce((sum, partner) => sum + partner.maxSessions, 0);
    const needed = reserved + UNRESERVED_CONCURRENCY;
    if (needed <= functions.accountConcurrency) return [];
    const bound =
      `it must be at least ${needed}: the partners' maxSessions reserve ${reserved} and Lambda keeps ` +
      `${UNRESERVED_CONCURRENCY} unreserved; raise the quota, or set functions.reserveConcurrency to false`;
    return [{ path: 'functions.accountConcurrency', value: functions.accountConcurrency, bound }];
  },
);

/** Of a network that others made, no range is known at synth. */
const OUR_NETWORK = z.object({ cidr: networkSchema.shape.cidr, existing: z.unknown().optional() });

const partnerIsOutsideTheNetwork: Rule = (configuration) =>
  forEachPartner(['allowedCidrs'], (partner, path) =>
    rule(z.object({ network: OUR_NETWORK.prefault({}) }), ({ network }) =>
      partner.allowedCidrs.flatMap((range, index) => {
        if (network.existing !== undefined) return [];
        const [outside, inside] = [parseCidr(range), parseCidr(network.cidr)];
        if (!outside || !inside || !overlaps(outside, inside)) return [];
        const bound = `it must not overlap network.cidr ${network.cidr}: such addresses never leave the VPC`;
        return [{ path: `${path}.allowedCidrs[${index}]`, value: range, bound }];
      }),
    )(configuration),
  )(configuration);

const hostAddressIsAllowed = forEachPartner(['host', 'allowedCidrs'], ({ host, allowedCidrs }, path) => {
  const firstAddress = parseIpv4(host);
  if (firstAddress === undefined) return [];
  const isAllowed = allowedCidrs.some((text) => {
    const range = parseCidr(text);
    return range !== undefined && contains(range, { firstAddress, prefixLength: 32 });
  });
  if (isAllowed) return [];
  return [
    { path: `${path}.host`, value: host, bound: `it must be in allowedCidrs: ${allowedCidrs.join(', ')}` },
  ];
});

const widthFitsTheSessions = forEachPartner(['maxSessions', 'maxConcurrency'], (partner, path) => {
  const { maxConcurrency, maxSessions } = partner;
  if (maxConcurrency === undefined || maxConcurrency <= maxSessions) return [];
  const bound = `it must be at most maxSessions, ${maxSessions}: the rest of the chunks would only be throttled`;
  return [{ path: `${path}.maxConcurrency`, value: maxConcurrency, bound }];
});

const scheduledWidthFitsTheSessions = forEachPartner(['maxSessions', 'schedules'], (partner, path) =>
  partner.schedules.flatMap(({ input }, index) => {
    if (input?.max_concurrency === undefined || input.max_concurrency <= partner.maxSessions) return [];
    return [
      {
        path: `${path}.schedules[${index}].input.max_concurrency`,
        value: input.max_concurrency,
        bound: `it must be at most maxSessions, ${partner.maxSessions}`,
      },
    ];
  }),
);

/** S3 counts from the start of an upload, which may be a whole execution before its parts are kept. */
const partsOutliveNoLifecycleRule: Rule = (configuration) =>
  forEachPartner(['keepPartsDays'], ({ keepPartsDays }, path) =>
    rule(
      z.object({
        landingBucket: z.object({
          expireIncompleteUploadsAfterDays:
            landingBucketSchema.shape.expireIncompleteUploadsAfterDays.nonoptional(),
        }),
      }),
      ({ landingBucket: { expireIncompleteUploadsAfterDays: days } }) => {
        if (keepPartsDays === 0 || days >= keepPartsDays + LIFECYCLE_MARGIN_DAYS) return [];
        const bound =
          `it must be at most ${days - LIFECYCLE_MARGIN_DAYS}: landingBucket.expireIncompleteUploadsAfterDays is ` +
          `${days} and counts from the upload's start, so it must be ${LIFECYCLE_MARGIN_DAYS} more`;
        return [{ path: `${path}.keepPartsDays`, value: keepPartsDays, bound }];
      },
    )(configuration),
  )(configuration);

/** Without a configured name the landing bucket's is not known yet, and inputs need not name it. */
const scheduledTargetsAreGranted: Rule = (configuration) =>
  forEachPartner(['schedules', 'targetBuckets'], (partner, path) =>
    rule(
      z.object({
        landingBucket: landingBucketSchema.pick({ name: true, existing: true }).strip().prefault({}),
      }),
      ({ landingBucket }) => {
        const granted = [
          landingBucket.existing?.name ?? landingBucket.name,
          ...partner.targetBuckets.map((bucket) => bucket.name),
        ];
        return partner.schedules.flatMap(({ input }, index) => {
          const bucket = input?.target_s3_bucket;
          if (bucket === undefined || granted.includes(bucket)) return [];
          const bound = 'it must be the landing bucket or one of targetBuckets, which also grants it';
          return [{ path: `${path}.schedules[${index}].input.target_s3_bucket`, value: bucket, bound }];
        });
      },
    )(configuration),
  )(configuration);

const identity = (text: string) => text;

const listsHaveNoDuplicates: readonly Rule[] = [
  forEachPartner(['hostKeyFingerprints'], ({ hostKeyFingerprints }, path) =>
    duplicates(hostKeyFingerprints, identity, (index) => `${path}.hostKeyFingerprints[${index}]`),
  ),
  forEachPartner(['allowedCidrs'], ({ allowedCidrs }, path) =>
    duplicates(allowedCidrs, identity, (index) => `${path}.allowedCidrs[${index}]`),
  ),
  forEachPartner(['targetBuckets'], ({ targetBuckets }, path) =>
    duplicates(
      targetBuckets,
      (bucket) => bucket.name,
      (index) => `${path}.targetBuckets[${index}].name`,
    ),
  ),
  forEachPartner(['schedules'], ({ schedules }, path) =>
    duplicates(
      schedules,
      (schedule) => schedule.name,
      (index) => `${path}.schedules[${index}].name`,
    ),
  ),
];

export const partnerRules: readonly Rule[] = [
  partnersAreDistinct,
  reservationsFitTheAccount,
  partnerIsOutsideTheNetwork,
  hostAddressIsAllowed,
  widthFitsTheSessions,
  scheduledWidthFitsTheSessions,
  scheduledTargetsAreGranted,
  partsOutliveNoLifecycleRule,
  ...listsHaveNoDuplicates,
];

/** A rule inside each partner; partners whose settings among `keys` are wrong are passed over. */
export function forEachPartner<Key extends PartnerSetting>(
  keys: readonly Key[],
  check: (partner: Pick<z.infer<typeof partnerSchema>, Key>, path: string) => Mistake[],
): Rule {
  const mask = Object.fromEntries(keys.map((key) => [key, true])) as { [K in Key]: true };
  const settings = z.object(partnerSchema.pick(mask as never).shape);
  return rule(z.object({ partners: z.array(z.unknown()) }), ({ partners }) =>
    partners.flatMap((raw, index) => {
      const partner = settings.safeParse(raw);
      if (!partner.success) return [];
      return check(partner.data as Pick<z.infer<typeof partnerSchema>, Key>, `partners[${index}]`);
    }),
  );
}
