import { z } from 'zod';
import { parseContract } from '../../transfer/contracts.ts';
import { DEFAULT_CONNECT_TIMEOUT_SECONDS, DEFAULT_LOGIN_TIMEOUT_SECONDS } from '../../transfer/defaults.ts';
import { DEFAULT_PATIENCE_MINUTES, type Patience, patienceOf } from '../../transfer/patience.ts';
import { RUNBOOK_FOLDER } from '../../transfer/runbook.ts';

/**
 * The environment variables that the stack sets on the functions. All values are strings there; lists are JSON.
 * Every parser throws InvalidTransferRequestError naming the variable.
 */

const json = (what: 'array' | 'object') =>
  z.string().transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: `it must be a JSON ${what} of strings`, input: text });
      return z.NEVER;
    }
  });

const jsonStringArray = json('array').pipe(z.array(z.string()));

const wholeNumber = z.string().regex(/^\d+$/, 'it must be a whole number').transform(Number);

const partnerSchema = z.object({ PARTNER_NAME: z.string().min(1, 'it must name the partner') });

const sftpSchema = z.object({
  SFTP_HOST: z.string().min(1, 'it must name the server'),
  SFTP_PORT: wholeNumber,
  SFTP_HOST_KEY_FINGERPRINTS: jsonStringArray.refine(
    (pins) => pins.length > 0,
    'it must pin at least one host key',
  ),
  SFTP_SECRET_ARN: z.string().min(1, 'it must name the secret'),
  SFTP_CONNECT_TIMEOUT_SECONDS: wholeNumber.default(DEFAULT_CONNECT_TIMEOUT_SECONDS),
  SFTP_LOGIN_TIMEOUT_SECONDS: wholeNumber.default(DEFAULT_LOGIN_TIMEOUT_SECONDS),
  SFTP_LEGACY_ALGORITHMS: jsonStringArray.default([]),
  EGRESS_ADDRESSES: jsonStringArray.default([]),
});

const ownSideSchema = z.object({
  EGRESS_ADDRESSES: jsonStringArray.default([]),
  SFTP_ALLOWED_CIDRS: jsonStringArray.default([]),
  MAX_SESSIONS: wholeNumber.optional(),
  EGRESS_ECHO_URL: z.string().optional(),
});

const transferDefaultsSchema = z.object({
  LANDING_BUCKET: z.string().min(1, 'it must name the landing bucket'),
  ALLOWED_BUCKETS: jsonStringArray.default([]),
  KEY_PREFIX: z.string().default(''),
  CHUNK_SIZE_BYTES: wholeNumber,
  MAX_CONCURRENCY: wholeNumber,
});

const keepPartsSchema = z.object({ KEEP_PARTS_DAYS: wholeNumber.default(0) });

const patienceSchema = z.object({ PATIENCE_MINUTES: wholeNumber.default(DEFAULT_PATIENCE_MINUTES) });

const sessionTableSchema = z.object({ LEDGER_TABLE: z.string().min(1, 'it must name the table') });

const stateBucketSchema = z.object({ STATE_BUCKET: z.string().min(1, 'it must name the state bucket') });

const serverSchema = sftpSchema.pick({ SFTP_HOST: true, SFTP_PORT: true });

const drainSchema = z.object({ SESSION_DRAIN_SECONDS: wholeNumber });

const reserveSchema = drainSchema.extend({ MAX_SESSIONS: wholeNumber, MAX_CONCURRENCY: wholeNumber });

const mailSchema = z.object({
  ALERT_TOPIC_ARN: z.string().min(1, 'it must name the topic'),
  STACK_NAME: z.string().min(1, 'it must name the stack'),
  PARTNERS: json('object').pipe(z.record(z.string(), z.string())),
  RUNBOOK_BASE_URL: z.string().default(RUNBOOK_FOLDER),
});

const evaluationSchema = sessionTableSchema.extend({
  STATE_BUCKET: z.string().optional(),
  ALERT_TOPIC_ARN: z.string().min(1, 'it must name the alert topic'),
  STATE_MACHINE_PREFIX: z.string().min(1, 'it must be how the ARNs of the state machines begin'),
  STACK_NAME: z.string().min(1, 'it must name the stack'),
  AWS_REGION: z.string().min(1, 'it must name the region'),
  RUNBOOK_BASE_URL: z.string().optional(),
});

type Environment = Readonly<Record<string, string | undefined>>;

export function readPartnerName(environment: Environment): string {
  return parseContract(partnerSchema, environment).PARTNER_NAME;
}

export function readSftpSettings(environment: Environment) {
  const env = parseContract(sftpSchema, environment);
  return {
    host: env.SFTP_HOST,
    port: env.SFTP_PORT,
    hostKeyFingerprints: env.SFTP_HOST_KEY_FINGERPRINTS,
    connectTimeoutMs: env.SFTP_CONNECT_TIMEOUT_SECONDS * 1_000,
    loginTimeoutMs: env.SFTP_LOGIN_TIMEOUT_SECONDS * 1_000,
    secretArn: env.SFTP_SECRET_ARN,
    legacyAlgorithms: env.SFTP_LEGACY_ALGORITHMS,
    egressAddresses: env.EGRESS_ADDRESSES,
  };
}

export function readOwnSide(environment: Environment) {
  const env = parseContract(ownSideSchema, environment);
  return {
    egressAddresses: env.EGRESS_ADDRESSES,
    allowedCidrs: env.SFTP_ALLOWED_CIDRS,
    maxSessions: env.MAX_SESSIONS,
    egressEchoUrl: env.EGRESS_ECHO_URL,
  };
}

export function readTransferDefaults(environment: Environment) {
  const env = parseContract(transferDefaultsSchema, environment);
  return {
    landingBucket: env.LANDING_BUCKET,
    allowedBuckets: env.ALLOWED_BUCKETS,
    keyPrefix: env.KEY_PREFIX,
    chunkSizeBytes: env.CHUNK_SIZE_BYTES,
    maxConcurrency: env.MAX_CONCURRENCY,
    keepPartsDays: readKeepPartsDays(environment),
  };
}

/** 0: the parts of a transfer that failed are removed at once. */
export function readKeepPartsDays(environment: Environment): number {
  return parseContract(keepPartsSchema, environment).KEEP_PARTS_DAYS;
}

/** How long work that has lost the partner waits for it. */
export function readPatience(environment: Environment): Patience {
  return patienceOf(parseContract(patienceSchema, environment).PATIENCE_MINUTES);
}

export function readSessionTable(environment: Environment): string {
  return parseContract(sessionTableSchema, environment).LEDGER_TABLE;
}

/** Of folder runs. */
export function readStateBucket(environment: Environment): string {
  return parseContract(stateBucketSchema, environment).STATE_BUCKET;
}

/** As objects' metadata names the server; for functions that do not log in to it. */
export function readServerUrl(environment: Environment): string {
  const { SFTP_HOST, SFTP_PORT } = parseContract(serverSchema, environment);
  return `sftp://${SFTP_HOST}:${SFTP_PORT}`;
}

/** How long a function of an ended execution may still hold a session. */
export function readDrainMs(environment: Environment): number {
  return parseContract(drainSchema, environment).SESSION_DRAIN_SECONDS * 1000;
}

export function readReserveSettings(environment: Environment) {
  const env = parseContract(reserveSchema, environment);
  return {
    maxSessions: env.MAX_SESSIONS,
    maxConcurrency: env.MAX_CONCURRENCY,
    drainMs: env.SESSION_DRAIN_SECONDS * 1000,
  };
}

export function readAlertTopic(environment: Environment): string {
  return parseContract(mailSchema, environment).ALERT_TOPIC_ARN;
}

/** What mails say of the stack; `partners` holds their contacts by name. */
export function readMailSettings(environment: Environment) {
  const env = parseContract(mailSchema, environment);
  return { stackName: env.STACK_NAME, partners: env.PARTNERS, runbookBaseUrl: env.RUNBOOK_BASE_URL };
}

/** Of the function that evaluates expectations. */
export function readEvaluationSettings(environment: Environment) {
  const env = parseContract(evaluationSchema, environment);
  return {
    tableName: env.LEDGER_TABLE,
    stateBucket: env.STATE_BUCKET,
    topicArn: env.ALERT_TOPIC_ARN,
    stateMachinePrefix: env.STATE_MACHINE_PREFIX,
    place: { stackName: env.STACK_NAME, region: env.AWS_REGION, runbookBaseUrl: env.RUNBOOK_BASE_URL },
  };
}
