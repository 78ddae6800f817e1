import { z } from 'zod';
import { folderWorkflowName } from '../../folder/run/workflow-name.ts';
import { LAMBDA_MAX_TIMEOUT_SECONDS } from '../../transfer/limits.ts';
import { sourceAddresses } from '../network/source-addresses.ts';
import {
  type FolderPermissionScope,
  folderStepPermissions,
  folderWorkflowPermissions,
} from '../pipeline/folders/folder-step-permissions.ts';
import { functionStatements } from '../pipeline/function-policy.ts';
import {
  deadLetterQueueName,
  functionName,
  ledgerTableName,
  pipelineName,
  secretName,
  stateBucketName,
} from '../pipeline/names.ts';
import { folderStepEnvironment, stepEnvironment } from '../pipeline/step-environment.ts';
import { type PermissionScope, stepPermissions, workflowPermissions } from '../pipeline/step-permissions.ts';
import { policyDocument } from '../policy.ts';
import { type AnyStep, FOLDER_STEPS, STEPS } from '../steps.ts';
import type { Mistake } from './mistakes.ts';
import { type PartnerConfiguration, partnerSchema } from './partner/partner-schema.ts';
import { type Rule, rule } from './rule.ts';
import { availabilityZonesOf, configurationSchema, landingBucketSchema, networkSchema } from './schema.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_ENVIRONMENT_BYTES = 4_096;
/** All inline policies of a role: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_ROLE_POLICY_CHARACTERS = 10_240;
/** For what does not concern the buckets: log delivery. */
const OTHER_POLICY_CHARACTERS = 1_000;

/** What is not known before the deployment, at its longest. */
const ACCOUNT_ID = '1'.repeat(12);
const SECRET_SUFFIX = '-AbCdEf';
const ADDRESS = '255.255.255.255';
const RANGE = `${ADDRESS}/32`;

const { shape } = configurationSchema;
const settings = z.object({
  name: shape.name,
  region: shape.region,
  network: networkSchema
    .pick({ availabilityZones: true, egressEcho: true, existing: true })
    .strip()
    .prefault({}),
  landingBucket: z
    .object(landingBucketSchema.pick({ name: true, kmsKeyArn: true, existing: true }).shape)
    .prefault({}),
  partners: z.array(z.unknown()),
});
type Settings = z.infer<typeof settings>;

/** Judges each sound partner by what its functions will get. */
const forEachSoundPartner = (check: (partner: PartnerConfiguration, all: Settings) => Sized[]): Rule =>
  rule(settings, (all) =>
    all.partners.flatMap((raw, index) => {
      const partner = partnerSchema.safeParse(raw);
      if (!partner.success) return [];
      return check(partner.data, all).map(({ what, ...rest }): Mistake => {
        return { path: `partners[${index}] (${what})`, ...rest };
      });
    }),
  );

interface Sized {
  what: string;
  value: number;
  bound: string;
}

const environmentsFit = forEachSoundPartner((partner, all) => {
  const scope = {
    partner,
    secretArn: secretArnOf(partner, all),
    landingBucketName: landingBucketNameOf(all),
    ledgerTableName: ledgerTableName(all.name),
    sessionDrainSeconds: LAMBDA_MAX_TIMEOUT_SECONDS,
    egressAddresses: sourceAddresses(partner.allowedCidrs, longestAddresses(all)),
    egressEchoUrl: all.network.egressEcho?.url,
  };
  const environments = {
    ...stepEnvironment(scope),
    ...(partner.folders.length > 0 &&
      folderStepEnvironment(scope, stateBucketName(all.name, ACCOUNT_ID, all.region))),
  };
  return Object.entries(environments).flatMap(([step, environment]) => {
    const bytes = Buffer.byteLength(JSON.stringify(environment));
    if (bytes <= MAX_ENVIRONMENT_BYTES) return [];
    const bound =
      `it must be at most ${MAX_ENVIRONMENT_BYTES}, Lambda's limit: ` +
      'shorten allowedCidrs, targetBuckets or hostKeyFingerprints';
    return [{ what: `bytes of the environment of ${step}`, value: bytes, bound }];
  });
});

const policiesFit = forEachSoundPartner((partner, all) => {
  const pipeline = pipelineName(all.name, partner.name);
  const scope = permissionScope(partner, all);
  const folderScope: FolderPermissionScope = {
    ...scope,
    folders: partner.folders.map(({ name }) => name),
    stateBucketArn: `arn:aws:s3:::${stateBucketName(all.name, ACCOUNT_ID, all.region)}`,
    folderStateMachineName: folderWorkflowName(pipeline),
  };
  const hasFolders = partner.folders.length > 0;
  const permissions = { ...stepPermissions(scope), ...(hasFolders && folderStepPermissions(folderScope)) };
  const steps: AnyStep[] = [...STEPS, ...(hasFolders ? FOLDER_STEPS : [])];
  const policies = new Map<string, string>(
    steps.map((step) => {
      const name = functionName(pipeline, step);
      const statements = functionStatements({
        functionName: name,
        region: all.region,
        accountId: ACCOUNT_ID,
        logGroupArn: `arn:aws:logs:${all.region}:${ACCOUNT_ID}:log-group:/aws/lambda/${name}`,
        isInNetwork: true,
        permissions: permissions[step] ?? [],
      });
      return [step, policyDocument(statements)];
    }),
  );
  const functionArns = steps.map(
    (step) => `arn:aws:lambda:${all.region}:${ACCOUNT_ID}:function:${functionName(pipeline, step)}`,
  );
  policies.set('the workflow', policyDocument(workflowPermissions(scope, functionArns)));
  if (hasFolders) {
    const machine = `arn:aws:states:${all.region}:${ACCOUNT_ID}:stateMachine:${pipeline}`;
    const folderStatements = folderWorkflowPermissions(folderScope, functionArns, machine);
    policies.set('the folder workflow', policyDocument(folderStatements));
  }
  return [...policies].flatMap(([owner, { length }]) => {
    const characters = length + OTHER_POLICY_CHARACTERS;
    if (characters <= MAX_ROLE_POLICY_CHARACTERS) return [];
    const bound = `it must be at most ${MAX_ROLE_POLICY_CHARACTERS}, IAM's limit for a role: name fewer targetBuckets, or fewer folders`;
    return [{ what: `characters in the policies of ${owner}`, value: characters, bound }];
  });
});

function permissionScope(partner: PartnerConfiguration, all: Settings): PermissionScope {
  const toBucket = (
    name: string,
    rest: { accountId?: string | undefined; kmsKeyArn?: string | undefined },
  ) => ({
    name,
    arn: `arn:aws:s3:::${name}`,
    accountId: rest.accountId ?? ACCOUNT_ID,
    kmsKeyArn: rest.kmsKeyArn,
  });
  return {
    region: all.region,
    accountId: ACCOUNT_ID,
    secretArn: secretArnOf(partner, all),
    buckets: [
      toBucket(landingBucketNameOf(all), { kmsKeyArn: all.landingBucket.kmsKeyArn }),
      ...partner.targetBuckets.map((bucket) => toBucket(bucket.name, bucket)),
    ],
    stateMachineName: pipelineName(all.name, partner.name),
    partner: partner.name,
    ledgerTableArn: `arn:aws:dynamodb:${all.region}:${ACCOUNT_ID}:table/${ledgerTableName(all.name)}`,
    keepPartsDays: partner.keepPartsDays,
    deadLetterQueueArn: `arn:aws:sqs:${all.region}:${ACCOUNT_ID}:${deadLetterQueueName(pipelineName(all.name, partner.name))}`,
  };
}

function longestAddresses(all: Settings): { egressAddresses: string[]; privateCidrs: string[] } {
  const { existing } = all.network;
  const subnets: readonly string[] = existing?.privateSubnetIds ?? availabilityZonesOf(all);
  return {
    egressAddresses: existing?.egressAddresses ?? subnets.map(() => ADDRESS),
    privateCidrs: subnets.map(() => RANGE),
  };
}

function secretArnOf(partner: PartnerConfiguration, { name, region }: Settings): string {
  const secret = secretName(name, partner.name);
  return `arn:aws:secretsmanager:${region}:${ACCOUNT_ID}:secret:${secret}${SECRET_SUFFIX}`;
}

function landingBucketNameOf({ landingBucket, name, region }: Settings): string {
  return landingBucket.existing?.name ?? landingBucket.name ?? `${name}-landing-${ACCOUNT_ID}-${region}`;
}

export const sizeRules: readonly Rule[] = [environmentsFit, policiesFit];
