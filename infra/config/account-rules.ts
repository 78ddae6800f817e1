import { z } from 'zod';
import { pipelineName } from '../pipeline/names.ts';
import { STEPS } from '../steps.ts';
import { encryptionSchema, MAX_ROLE_NAME_CHARACTERS, rolesSchema } from './account-schema.ts';
import { partnerSchema } from './partner/partner-schema.ts';
import { type Rule, rule } from './rule.ts';
import { alertsSchema, configurationSchema, landingBucketSchema } from './schema.ts';

/** What the names of a partner's roles end with. */
const ROLE_SUFFIXES = [...STEPS, 'workflow', 'scheduler'];

const { name, region } = configurationSchema.shape;

const roleNamesFit = rule(
  z.object({
    name,
    roles: z.object({ namePrefix: rolesSchema.shape.namePrefix }),
    partners: z.array(z.object({ name: partnerSchema.shape.name })),
  }),
  ({ name: stackName, roles, partners }) => {
    const names = partners.flatMap((partner) =>
      ROLE_SUFFIXES.map((suffix) => `${pipelineName(stackName, partner.name)}-${suffix}`),
    );
    const longest = names.reduce((one, other) => (other.length > one.length ? other : one), '');
    const room = MAX_ROLE_NAME_CHARACTERS - longest.length;
    if (roles.namePrefix.length <= room) return [];
    const bound = `it must be at most ${Math.max(room, 0)} characters: the role ${longest} has ${longest.length}, and IAM allows ${MAX_ROLE_NAME_CHARACTERS}`;
    return [{ path: 'roles.namePrefix', value: roles.namePrefix, bound }];
  },
);

const stackKeyIsInTheRegion = rule(
  z.object({ region, encryption: z.object({ kmsKeyArn: encryptionSchema.shape.kmsKeyArn }) }),
  (configuration) => {
    const { kmsKeyArn } = configuration.encryption;
    if (kmsKeyArn === undefined || kmsKeyArn.split(':')[3] === configuration.region) return [];
    const bound = `it must be a key of ${configuration.region}, where the stack is`;
    return [{ path: 'encryption.kmsKeyArn', value: kmsKeyArn, bound }];
  },
);

const topicIsInTheRegion = rule(
  z.object({ region, alerts: z.object({ existingTopicArn: alertsSchema.shape.existingTopicArn }) }),
  (configuration) => {
    const { existingTopicArn: value } = configuration.alerts;
    if (value === undefined || value.split(':')[3] === configuration.region) return [];
    const bound = `it must be a topic of ${configuration.region}: an alarm publishes in its own region only`;
    return [{ path: 'alerts.existingTopicArn', value, bound }];
  },
);

const topicHasItsOwnSubscribers = rule(
  z.object({ alerts: z.looseObject({ existingTopicArn: z.string() }) }),
  ({ alerts }) =>
    given(['emails', 'httpsEndpoints'], alerts, 'alerts').map((mistake) => ({
      ...mistake,
      bound: 'it must not be given beside alerts.existingTopicArn: whoever owns the topic subscribes to it',
    })),
);

const bucketHasItsOwnSettings = rule(
  z.object({ landingBucket: z.looseObject({ existing: z.looseObject({}) }) }),
  ({ landingBucket }) =>
    given(
      Object.keys(landingBucketSchema.shape).filter((key) => key !== 'existing' && key !== 'kmsKeyArn'),
      landingBucket,
      'landingBucket',
    ).map((mistake) => ({
      ...mistake,
      bound:
        'it must not be given beside landingBucket.existing: the stack sets nothing of a bucket that others made',
    })),
);

function given(keys: readonly string[], settings: Readonly<Record<string, unknown>>, path: string) {
  return keys
    .filter((key) => settings[key] !== undefined)
    .map((key) => ({ path: `${path}.${key}`, value: settings[key] }));
}

export const accountRules: readonly Rule[] = [
  roleNamesFit,
  stackKeyIsInTheRegion,
  topicIsInTheRegion,
  topicHasItsOwnSubscribers,
  bucketHasItsOwnSettings,
];
