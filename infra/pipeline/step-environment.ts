import { maxConcurrencyOf, type PartnerConfiguration } from '../config/partner/partner-schema.ts';
import { METRIC_NAMESPACE, SERVICE_NAME } from '../metrics.ts';
import type { PerFolderStep, PerStep } from '../steps.ts';

export interface EnvironmentScope {
  partner: PartnerConfiguration;
  secretArn: string;
  landingBucketName: string;
  /** Of the ledger, and of the sessions in use. */
  ledgerTableName: string;
  /** How long a function of an ended execution may still hold a session. */
  sessionDrainSeconds: number;
  /** For messages that say what the partner must allow. */
  egressAddresses: readonly string[];
  /** Answers with the address that it sees; undefined where none is configured. */
  egressEchoUrl?: string | undefined;
}

/**
 * The environment variables of each step's function; `lambdas/shared/env.ts` is the other side. Lambda sets the
 * region itself.
 */
export function stepEnvironment(scope: EnvironmentScope): PerStep<Readonly<Record<string, string>>> {
  const { partner } = scope;
  const { common, sftp } = sharedEnvironment(scope);
  const sessions = {
    ...common,
    LEDGER_TABLE: scope.ledgerTableName,
    SESSION_DRAIN_SECONDS: String(scope.sessionDrainSeconds),
  };
  /** Whose functions have something to do only where parts are kept. */
  const keeping = partner.keepPartsDays === 0 ? {} : { KEEP_PARTS_DAYS: String(partner.keepPartsDays) };
  const ledger = { LEDGER_TABLE: scope.ledgerTableName };
  const maxConcurrency = String(maxConcurrencyOf(partner));
  return {
    'reserve-sessions': {
      ...sessions,
      ...keeping,
      MAX_SESSIONS: String(partner.maxSessions),
      MAX_CONCURRENCY: maxConcurrency,
      PATIENCE_MINUTES: String(partner.patienceMinutes),
    },
    'get-file-metadata': {
      ...sftp,
      SFTP_ALLOWED_CIDRS: JSON.stringify(partner.allowedCidrs),
      ...(scope.egressEchoUrl !== undefined && { EGRESS_ECHO_URL: scope.egressEchoUrl }),
      LANDING_BUCKET: scope.landingBucketName,
      ALLOWED_BUCKETS: JSON.stringify(partner.targetBuckets.map((bucket) => bucket.name)),
      KEY_PREFIX: partner.keyPrefix ?? partner.name,
      CHUNK_SIZE_BYTES: String(partner.chunkSizeBytes),
      MAX_CONCURRENCY: maxConcurrency,
      MAX_SESSIONS: String(partner.maxSessions),
      ...keeping,
    },
    'resume-upload': sftp,
    'create-file-chunks': common,
    'download-segment': sftp,
    'complete-upload': sftp,
    'keep-parts': { ...common, ...ledger },
    'abort-upload': partner.keepPartsDays === 0 ? common : { ...common, ...ledger, ...keeping },
    'release-sessions': { ...sessions, ...keeping },
  };
}

/** The same for the functions of folder runs. */
export function folderStepEnvironment(
  scope: EnvironmentScope,
  stateBucketName: string,
): PerFolderStep<Readonly<Record<string, string>>> {
  const { partner } = scope;
  const { common, sftp } = sharedEnvironment(scope);
  const state = { STATE_BUCKET: stateBucketName };
  const run = { ...state, LEDGER_TABLE: scope.ledgerTableName };
  const server = { SFTP_HOST: partner.host, SFTP_PORT: String(partner.port) };
  return {
    'list-folder': {
      ...sftp,
      ...run,
      LANDING_BUCKET: scope.landingBucketName,
      KEY_PREFIX: partner.keyPrefix ?? partner.name,
      CHUNK_SIZE_BYTES: String(partner.chunkSizeBytes),
      MAX_CONCURRENCY: String(maxConcurrencyOf(partner)),
    },
    'copy-batch': { ...sftp, ...run },
    'claim-file': { ...common, ...run, ...server },
    'commit-file': { ...common, ...run, ...server },
    'settle-source': { ...sftp, ...run },
    'summarise-run': { ...common, ...state },
  };
}

/** Of every function. */
export function runtimeEnvironment() {
  return {
    POWERTOOLS_SERVICE_NAME: SERVICE_NAME,
    POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
    POWERTOOLS_LOG_LEVEL: 'INFO',
    NODE_OPTIONS: '--enable-source-maps',
  };
}

function sharedEnvironment(scope: EnvironmentScope) {
  const { partner } = scope;
  const common = { PARTNER_NAME: partner.name, ...runtimeEnvironment() };
  const sftp = {
    ...common,
    SFTP_HOST: partner.host,
    SFTP_PORT: String(partner.port),
    SFTP_HOST_KEY_FINGERPRINTS: JSON.stringify(partner.hostKeyFingerprints),
    SFTP_CONNECT_TIMEOUT_SECONDS: String(partner.connectTimeoutSeconds),
    SFTP_LOGIN_TIMEOUT_SECONDS: String(partner.loginTimeoutSeconds),
    SFTP_SECRET_ARN: scope.secretArn,
    SFTP_LEGACY_ALGORITHMS: JSON.stringify(partner.legacyAlgorithms),
    EGRESS_ADDRESSES: JSON.stringify(scope.egressAddresses),
  };
  return { common, sftp };
}
