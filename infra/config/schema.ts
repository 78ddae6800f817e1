import { z } from 'zod';
import { LIFECYCLE_MARGIN_DAYS } from '../../transfer/keep-parts.ts';
import {
  encryptionSchema,
  existingBucketSchema,
  functionArchitecture,
  rolesSchema,
  topicArn,
} from './account-schema.ts';
import { didYouMean } from './did-you-mean.ts';
import {
  bucketName,
  cidr,
  kmsKeyArn,
  list,
  logRetentionDays,
  oneOf,
  section,
  tags,
  text,
  wholeNumber,
  yesOrNo,
} from './fields.ts';
import { egressEchoSchema, existingNetworkSchema } from './network/existing-network-schema.ts';
import { partnerSchema } from './partner/partner-schema.ts';
import { REGIONS } from './regions.ts';

/** Lambda's default quota of concurrent executions in an account and region. */
const DEFAULT_ACCOUNT_CONCURRENCY = 1_000;
/** Long enough to notice that a wrong file replaced a right one. */
const DEFAULT_REPLACED_VERSION_DAYS = 30;

const terraformCloudSchema = section({
  organization: text(/^[A-Za-z0-9_-]{1,100}$/, "an organization's name").describe(
    'Terraform Cloud organization.',
  ),
  workspace: text(/^[A-Za-z0-9_-]{1,90}$/, "a workspace's name: letters, digits, - and _")
    .optional()
    .describe('Workspace that keeps the state and runs the plan. Default: the name of the stack.'),
  project: z
    .string('it must be the name of a project')
    .min(3, 'it must be the name of a project')
    .optional()
    .describe('Project in which the workspace is made, when it does not exist.'),
  hostname: text(/^[a-z0-9.-]+(:\d+)?$/, 'a host name')
    .optional()
    .describe('Only for Terraform Enterprise. Default: app.terraform.io.'),
});

export const networkSchema = section({
  cidr: cidr()
    .default('10.64.0.0/20')
    .describe('Addresses of the VPC: private, /16 to /22; a sixteenth of it becomes a subnet.'),
  availabilityZones: list(text(/^[a-z]{2}(-[a-z]+)+-\d[a-h]$/, 'an availability zone, as eu-west-1a'))
    .min(1, 'it must name at least one zone')
    .optional()
    .describe('Zones with a public and a private subnet each. Default: zones a and b of the region.'),
  natGateways: oneOf(['one-per-az', 'single'])
    .default('one-per-az')
    .describe('single costs half as much with two zones, but a failure of the first zone stops transfers.'),
  egressAllocationIds: z
    .record(z.string(), text(/^eipalloc-[0-9a-f]{8,17}$/, 'the allocation id of an Elastic IP'), {
      error: 'it must be an object: zone to allocation id',
    })
    .default({})
    .describe('Elastic IPs that exist already, by zone. A zone without one gets a new address.'),
  protectEgressAddresses: yesOrNo()
    .default(true)
    .describe('Terraform refuses to destroy the Elastic IPs that partners have allowlisted.'),
  secretsManagerEndpoint: yesOrNo()
    .default(true)
    .describe(
      'Interface endpoint for Secrets Manager, about 8 USD a month and zone. Without it, functions may reach every ' +
        'host of the internet on port 443.',
    ),
  flowLogs: yesOrNo().default(false).describe('VPC flow logs, to CloudWatch Logs.'),
  egressEcho: egressEchoSchema
    .optional()
    .describe(
      'Lets `check` measure which address the internet sees, and compare it with those told to partners.',
    ),
  existing: existingNetworkSchema
    .optional()
    .describe(
      'A network that others made; beside it, no other setting of network but egressEcho may be given.',
    ),
});

export const landingBucketSchema = section({
  existing: existingBucketSchema
    .optional()
    .describe(
      'A bucket that others made; beside it, only kmsKeyArn may be given: the key that encrypts its objects.',
    ),
  name: bucketName().optional().describe('Default: <name>-landing-<account>-<region>.'),
  kmsKeyArn: kmsKeyArn().optional().describe('Encrypts objects by this key. Default: SSE-S3.'),
  versioning: yesOrNo().default(true).describe('Keeps what a later transfer to the same key replaces.'),
  expireIncompleteUploadsAfterDays: wholeNumber(LIFECYCLE_MARGIN_DAYS, 365, 'days')
    .optional()
    .describe(
      'Backstop that removes the parts of uploads that nothing completed or aborted. Default: ' +
        `${LIFECYCLE_MARGIN_DAYS} more than the largest keepPartsDays.`,
    ),
  expireReplacedVersionsAfterDays: wholeNumber(1, 3_650, 'days')
    .default(DEFAULT_REPLACED_VERSION_DAYS)
    .describe(
      'How long a version that a later transfer replaced is kept, and paid for: a daily file of 1 TB costs about ' +
        '24 USD a month for each day.',
    ),
});

export const alertsSchema = section({
  existingTopicArn: topicArn()
    .optional()
    .describe(
      'An SNS topic that others made, of the same region. Its policy must let CloudWatch publish, its key the stack too.',
    ),
  emails: list(text(/^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'an e-mail address'))
    .default([])
    .describe(
      'Receive the mails about failures, and every alarm; each address confirms its subscription once.',
    ),
  httpsEndpoints: list(text(/^https:\/\/[^\s]+$/, 'an HTTPS URL'))
    .default([])
    .describe('Endpoints that confirm SNS subscriptions by themselves, as PagerDuty does.'),
  runbookBaseUrl: text(/^https:\/\/[^\s]*[^/\s]$/, 'an HTTPS URL without a slash at its end')
    .optional()
    .describe('Where docs/runbooks can be read in a browser; mails and alarms then link to it.'),
});

export const functionsSchema = section({
  reserveConcurrency: yesOrNo()
    .default(true)
    .describe("Caps each partner's sessions. Switch off where the account's quota is too small to reserve."),
  accountConcurrency: wholeNumber(10, 1_000_000, 'concurrent executions')
    .default(DEFAULT_ACCOUNT_CONCURRENCY)
    .describe("The account's Lambda quota in this region; Lambda keeps 100 of it unreserved."),
  logRetentionDays: logRetentionDays().default(30).describe('How long logs are kept.'),
  architecture: functionArchitecture()
    .default('arm64')
    .describe('Processor of the functions; arm64 costs a fifth less.'),
});

/** The whole file; `config/config.schema.json` is generated from it. */
export const configurationSchema = section({
  $schema: z.string('it must be a path or URL').optional(),
  name: text(
    /^[a-z][a-z0-9-]{1,18}[a-z0-9]$/,
    '3 to 20 lower-case letters, digits and hyphens, a letter first',
  )
    .default('sftp-to-s3')
    .describe('Name of the stack; first part of every resource name.'),
  region: z
    .enum(REGIONS, {
      error: ({ input }) => `it must be a region of the aws partition${didYouMean(String(input), REGIONS)}`,
    })
    .describe('AWS region.'),
  tags: tags().default({}).describe('Put on every resource.'),
  roles: rolesSchema.prefault({}),
  encryption: encryptionSchema.prefault({}),
  terraformCloud: terraformCloudSchema.optional().describe('Without it, state is kept in a local file.'),
  network: networkSchema.prefault({}),
  landingBucket: landingBucketSchema.prefault({}),
  alerts: alertsSchema.prefault({}),
  functions: functionsSchema.prefault({}),
  partners: list(partnerSchema).min(1, 'it must hold at least one partner'),
});

export type Configuration = Readonly<z.infer<typeof configurationSchema>>;
export type TerraformCloudConfiguration = NonNullable<Configuration['terraformCloud']>;

/** Days after which the landing bucket removes an unfinished upload: later than any part is kept. */
export function incompleteUploadDaysOf({ landingBucket, partners }: Configuration): number {
  const kept = Math.max(...partners.map(({ keepPartsDays }) => keepPartsDays));
  return landingBucket.expireIncompleteUploadsAfterDays ?? LIFECYCLE_MARGIN_DAYS + kept;
}

/** The zones of the stack: those configured, else the first two of the region. */
export function availabilityZonesOf(configuration: {
  region: string;
  network: { availabilityZones?: readonly string[] | undefined };
}): readonly string[] {
  const { region, network } = configuration;
  return network.availabilityZones ?? [`${region}a`, `${region}b`];
}
