import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { applyAccountRules } from './account-rules/apply-account-rules.ts';
import { PROJECT_FOLDER } from './bundling/bundle-functions.ts';
import { FunctionPackages } from './bundling/function-code.ts';
import { availabilityZonesOf, type Configuration, incompleteUploadDaysOf } from './config/schema.ts';
import { ExistingBucket } from './existing-bucket.ts';
import { ExpectationEvaluation } from './expectations/expectation-evaluation.ts';
import { LandingBucket, type LandingPlace } from './landing-bucket.ts';
import { LedgerTable } from './ledger-table.ts';
import { AlertTopic } from './monitoring/alert-topic.ts';
import { Dashboard } from './monitoring/dashboard/dashboard.ts';
import { NetworkAlarms } from './monitoring/network-alarms.ts';
import { OutcomeMails } from './monitoring/outcome-mails.ts';
import { PartnerAlarms } from './monitoring/partner-alarms.ts';
import { PartnerLogQueries } from './monitoring/partner-log-queries.ts';
import { ExistingNetwork } from './network/existing-network.ts';
import { FlowLogs } from './network/flow-logs.ts';
import { Network } from './network/network.ts';
import { VpcEndpoints } from './network/vpc-endpoints.ts';
import { ledgerTableName, secretName, stateBucketName } from './pipeline/names.ts';
import { PartnerPipeline } from './pipeline/partner-pipeline.ts';
import { StackOutputs } from './stack-outputs.ts';
import { keepState } from './state-backend.ts';
import { StateBucket } from './state-bucket.ts';
import {
  EVALUATE_EXPECTATIONS,
  FOLDER_STEPS,
  NOTIFY_OUTCOME,
  type PerFolderStep,
  type PerStep,
  STEPS,
} from './steps.ts';

const FOLDER_WORKFLOW_FILE = path.join(PROJECT_FOLDER, 'statemachine/folder.asl.json');
const WORKFLOW_FILE = path.join(PROJECT_FOLDER, 'statemachine/transfer.asl.json');

export interface TransferStackOptions {
  /** Deployment packages of the steps. @default bundled from lambdas/ */
  packages?: PerStep<Uint8Array> | undefined;
  /** Those of the steps of folder runs. @default bundled from lambdas/ where a partner has folders */
  folderPackages?: PerFolderStep<Uint8Array> | undefined;
  /** That of the function that sends mails. @default bundled from lambdas/ */
  mailPackages?: Readonly<Record<typeof NOTIFY_OUTCOME, Uint8Array>> | undefined;
  /** That of the evaluation of expectations. @default bundled from lambdas/ where a partner has expectations */
  expectationPackages?: Readonly<Record<typeof EVALUATE_EXPECTATIONS, Uint8Array>> | undefined;
}

/** The system on one page: a network with fixed addresses, a landing bucket, and one pipeline per partner. */
export class TransferStack extends TerraformStack {
  constructor(scope: Construct, configuration: Configuration, options: TransferStackOptions = {}) {
    super(scope, configuration.name);
    const { name, region, network: networkSettings } = configuration;

    keepState(this, name, configuration.terraformCloud);
    new AwsProvider(this, 'aws', { region, defaultTags: [{ tags: configuration.tags }] });
    const { accountId } = new DataAwsCallerIdentity(this, 'account');

    const landingBucket = this.addLandingBucket(configuration, accountId);
    const ledgerTable = new LedgerTable(this, 'ledger', { tableName: ledgerTableName(name) });
    const hasFolders = configuration.partners.some(({ folders }) => folders.length > 0);
    const stateBucket = hasFolders
      ? new StateBucket(this, 'state-bucket', { bucketName: stateBucketName(name, accountId, region) })
      : undefined;
    const { existing } = networkSettings;
    const network = existing
      ? new ExistingNetwork(this, 'network', existing)
      : new Network(this, 'network', { name, ...networkSettings, zones: availabilityZonesOf(configuration) });
    const endpoints = new VpcEndpoints(this, 'endpoints', {
      name,
      region,
      accountId,
      vpcId: network.vpcId,
      clientCidrs: network.clientCidrs,
      privateRouteTableIds: network.privateRouteTableIds,
      privateSubnetIds: network.privateSubnetIds,
      buckets: [
        landingBucket,
        ...(stateBucket === undefined ? [] : [{ arn: stateBucket.arn, accountId }]),
        ...furtherBuckets(configuration, accountId),
      ],
      ledgerTableArn: hasFolders ? ledgerTable.arn : undefined,
      secretNames: configuration.partners.map((partner) => secretName(name, partner.name)),
      ...endpointModesOf(networkSettings),
    });
    if (networkSettings.flowLogs) {
      const retentionDays = configuration.functions.logRetentionDays;
      new FlowLogs(this, 'flow-logs', { name, accountId, vpcId: network.vpcId, retentionDays });
    }

    const { code } = new FunctionPackages(this, 'packages', STEPS, options.packages);
    const workflow = readFileSync(WORKFLOW_FILE, 'utf8');
    const folders = stateBucket && {
      stateBucket,
      code: new FunctionPackages(this, 'folder-packages', FOLDER_STEPS, options.folderPackages).code,
      workflow: readFileSync(FOLDER_WORKFLOW_FILE, 'utf8'),
    };
    const pipelines = configuration.partners.map(
      (partner) =>
        new PartnerPipeline(this, `partner-${partner.name}`, {
          configuration,
          partner,
          accountId,
          network,
          endpoints,
          landingBucket,
          ledgerTable,
          code,
          workflow,
          folders,
        }),
    );

    for (const pipeline of pipelines) {
      new PartnerLogQueries(this, `queries-${pipeline.partner.name}`, name, pipeline);
    }

    const { runbookBaseUrl } = configuration.alerts;
    const { topicArn: alertTopicArn, topicKeyArn } = this.addAlertTopic(configuration, accountId);
    const alarmTarget = { stackName: name, region, topicArn: alertTopicArn, runbookBaseUrl };
    const outcomeMails = new OutcomeMails(this, 'outcome-mails', {
      ...alarmTarget,
      accountId,
      code: new FunctionPackages(this, 'mail-packages', [NOTIFY_OUTCOME], options.mailPackages).code[
        NOTIFY_OUTCOME
      ],
      logRetentionDays: configuration.functions.logRetentionDays,
      partners: configuration.partners,
      topicKeyArn,
    });
    const expecting = pipelines.filter(({ partner }) => partner.expectations.length > 0);
    if (expecting.length > 0) {
      const packages = options.expectationPackages;
      new ExpectationEvaluation(this, 'expectations', {
        ...alarmTarget,
        accountId,
        partners: expecting.map(({ partner }) => partner),
        buckets: distinct(expecting.flatMap(({ targetBuckets }) => targetBuckets)),
        ledgerTable,
        stateBucket,
        topicKeyArn: topicKeyArn ?? configuration.encryption.kmsKeyArn,
        code: new FunctionPackages(this, 'expectation-packages', [EVALUATE_EXPECTATIONS], packages).code[
          EVALUATE_EXPECTATIONS
        ],
        logRetentionDays: configuration.functions.logRetentionDays,
      });
    }
    const networkAlarms = new NetworkAlarms(this, 'network-alarms', network, alarmTarget);
    const dashboard = new Dashboard(this, 'dashboard', {
      name,
      region,
      network,
      networkAlarms,
      outcomeMails,
      partners: pipelines.map((pipeline) => ({
        pipeline,
        alarms: new PartnerAlarms(this, `alarms-${pipeline.partner.name}`, pipeline, alarmTarget),
      })),
      runbookBaseUrl,
    });

    new StackOutputs(this, 'outputs', {
      network,
      landingBucket,
      pipelines,
      alertTopicArn,
      dashboardUrl: dashboard.url,
    });
    applyAccountRules(this, configuration);
  }

  private addLandingBucket(configuration: Configuration, accountId: string): LandingPlace {
    const { name, region, landingBucket } = configuration;
    const { existing, ...settings } = landingBucket;
    if (existing === undefined) {
      const bucketName = settings.name ?? `${name}-landing-${accountId}-${region}`;
      const expireIncompleteUploadsAfterDays = incompleteUploadDaysOf(configuration);
      return new LandingBucket(this, 'landing-bucket', {
        ...settings,
        bucketName,
        accountId,
        expireIncompleteUploadsAfterDays,
      });
    }
    const isOurs = existing.accountId === undefined;
    return new ExistingBucket(this, 'landing-bucket', {
      name: existing.name,
      accountId: existing.accountId ?? accountId,
      region,
      isOurs,
    });
  }

  private addAlertTopic(
    { name, alerts, encryption }: Configuration,
    accountId: string,
  ): { topicArn: string; topicKeyArn?: string | undefined } {
    if (alerts.existingTopicArn !== undefined) return { topicArn: alerts.existingTopicArn };
    const { kmsKeyArn } = encryption;
    const { arn, keyArn } = new AlertTopic(this, 'alerts', { name, accountId, kmsKeyArn, ...alerts });
    return { topicArn: arn, topicKeyArn: keyArn };
  }
}

/** Partners land in one bucket. */
function distinct<Bucket extends { name: string }>(buckets: readonly Bucket[]): Bucket[] {
  return [...new Map(buckets.map((bucket) => [bucket.name, bucket])).values()];
}

function endpointModesOf({ existing, secretsManagerEndpoint }: Configuration['network']) {
  return existing
    ? { s3: existing.s3GatewayEndpoint, secretsManager: existing.secretsManagerEndpoint }
    : {
        s3: 'create' as const,
        secretsManager: secretsManagerEndpoint ? ('create' as const) : ('none' as const),
      };
}

function furtherBuckets(
  { partners }: Configuration,
  ownAccountId: string,
): { arn: string; accountId: string }[] {
  return partners.flatMap((partner) =>
    partner.targetBuckets.map(({ name, accountId }) => ({
      arn: `arn:aws:s3:::${name}`,
      accountId: accountId ?? ownAccountId,
    })),
  );
}
