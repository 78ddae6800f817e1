import { z } from 'zod';
import { expectationSchema } from '../../../expectations/settings.ts';
import {
  configuredFolderSchema,
  type DeployedFolder,
  deployedFolder,
} from '../../../folder/run/deployed-folder.ts';
import { LEGACY_ALGORITHMS } from '../../../sftp/connect/algorithms.ts';
import { transferRequestSchema } from '../../../transfer/contracts.ts';
import {
  DEFAULT_CHUNK_SIZE_BYTES,
  DEFAULT_CONNECT_TIMEOUT_SECONDS,
  DEFAULT_LOGIN_TIMEOUT_SECONDS,
  DEFAULT_MAX_CONCURRENCY,
} from '../../../transfer/defaults.ts';
import { MAX_KEEP_PARTS_DAYS } from '../../../transfer/keep-parts.ts';
import {
  LAMBDA_MAX_TIMEOUT_SECONDS,
  MAX_CONNECT_TIMEOUT_SECONDS,
  MAX_LOGIN_TIMEOUT_SECONDS,
  S3_MAX_PART_SIZE_BYTES,
  S3_MIN_PART_SIZE_BYTES,
  STEP_FUNCTIONS_MAX_INLINE_MAP_CONCURRENCY,
} from '../../../transfer/limits.ts';
import { DEFAULT_PATIENCE_MINUTES, MAX_PATIENCE_MINUTES } from '../../../transfer/patience.ts';
import { timeZone } from '../../../transfer/text/time-zone.ts';
import { parseCidr } from '../cidr.ts';
import { bucketName, cidr, kmsKeyArn, list, oneOf, section, text, wholeNumber, yesOrNo } from '../fields.ts';
import { cronMistake } from '../schedules/cron.ts';

/** Sessions that a partner's server is asked for when its administrator named no figure. */
const DEFAULT_MAX_SESSIONS = DEFAULT_MAX_CONCURRENCY;
/** Lambda gives one full vCPU from here on; decryption is bound by the processor. */
export const DEFAULT_DOWNLOAD_MEMORY_MB = 1_769;
/** A daily schedule, and two hours for the transfer itself. */
const DEFAULT_EXPECT_SUCCESS_WITHIN_HOURS = 26;
/** CloudWatch evaluates an alarm of hourly periods over at most seven days. */
const MAX_EXPECT_SUCCESS_WITHIN_HOURS = 168;
/** A shorter prefix is the internet, not a partner's network: any host there could be sent the partner's login. */
const MIN_ALLOWED_PREFIX_LENGTH = 8;
/** A security group has 60 egress rules: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const MAX_ALLOWED_CIDRS = 55;
/** Lambda's own default quota is 1,000, of which 100 stay unreserved. */
const MAX_MAX_SESSIONS = 900;

const host = () =>
  text(
    /^(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/,
    'a host name or an IPv4 address',
  );

const hostKeyFingerprint = () =>
  text(/^SHA256:[A-Za-z0-9+/]{43}$/, 'a fingerprint as ssh-keygen -lf shows it: SHA256: and 43 characters');

const scheduleSchema = section({
  name: text(/^[a-z][a-z0-9-]{0,30}$/, '1 to 31 lower-case letters, digits and hyphens').describe(
    'Names the schedule; unique within the partner.',
  ),
  cron: z
    .string('it must be a cron expression')
    .superRefine((expression, context) => {
      const mistake = cronMistake(expression);
      if (mistake !== undefined) context.addIssue({ code: 'custom', message: mistake, input: expression });
    })
    .describe('EventBridge Scheduler cron: minutes hours day-of-month month day-of-week year.'),
  timeZone: timeZone().default('UTC').describe('Time zone of the cron expression, by its IANA name.'),
  enabled: yesOrNo().default(true).describe('False keeps the schedule but starts nothing.'),
  input: transferRequestSchema
    .omit({ resume_execution: true })
    .optional()
    .describe('What each execution is started with: one file. This or folder.'),
  folder: z
    .string('it must be the name of a folder')
    .optional()
    .describe('A folder of this partner, to be run over. This or input.'),
});

const targetBucketSchema = section({
  name: bucketName().describe(
    'A bucket of the same region, other than the landing bucket, that executions may name as target.',
  ),
  accountId: text(/^\d{12}$/, 'the 12 digits of an AWS account')
    .optional()
    .describe(
      "Account that owns the bucket; its bucket policy must let the functions' roles in. Default: the stack's account.",
    ),
  kmsKeyArn: kmsKeyArn().optional().describe('Key of that bucket, where its objects are encrypted by one.'),
});

export const partnerSchema = section({
  name: text(
    /^[a-z][a-z0-9-]{0,22}[a-z0-9]$/,
    '2 to 24 lower-case letters, digits and hyphens, a letter first',
  ).describe('Part of every resource name of this partner.'),
  contact: text(/^[^\n]{1,200}$/, 'one line of at most 200 characters')
    .optional()
    .describe('Whom to call or write to at the partner; it is in the text of its mails and alarms.'),
  host: host().describe("Host name or IPv4 address of the partner's SFTP server."),
  port: wholeNumber(1, 65_535, 'a TCP port').default(22).describe('TCP port of the SFTP server.'),
  hostKeyFingerprints: list(hostKeyFingerprint())
    .min(1, 'it must hold at least one fingerprint: without a pinned key nothing is deployed')
    .describe(
      'Host keys that are trusted, as SHA256 fingerprints; two during a rotation. There is no switch for any key.',
    ),
  allowedCidrs: list(
    cidr().refine(
      (range) => (parseCidr(range)?.prefixLength ?? MIN_ALLOWED_PREFIX_LENGTH) >= MIN_ALLOWED_PREFIX_LENGTH,
      `it must be a range of the partner, /${MIN_ALLOWED_PREFIX_LENGTH} or longer`,
    ),
  )
    .min(1, 'it must hold at least one range')
    .max(
      MAX_ALLOWED_CIDRS,
      `it must hold at most ${MAX_ALLOWED_CIDRS} ranges: a security group has 60 rules, of which some lead to AWS`,
    )
    .describe("Addresses that the partner's functions may reach on the partner's port."),
  connectTimeoutSeconds: wholeNumber(1, MAX_CONNECT_TIMEOUT_SECONDS, 'seconds')
    .default(DEFAULT_CONNECT_TIMEOUT_SECONDS)
    .describe('Longest time from the first packet to a TCP connection, for each address of the host.'),
  loginTimeoutSeconds: wholeNumber(1, MAX_LOGIN_TIMEOUT_SECONDS, 'seconds')
    .default(DEFAULT_LOGIN_TIMEOUT_SECONDS)
    .describe(
      'Longest time from the TCP connection to the open SFTP session; for servers whose login is slow.',
    ),
  legacyAlgorithms: list(oneOf(LEGACY_ALGORITHMS))
    .default([])
    .describe('Weak algorithms offered in addition, for servers that offer nothing better.'),
  maxSessions: wholeNumber(1, MAX_MAX_SESSIONS, 'sessions')
    .default(DEFAULT_MAX_SESSIONS)
    .describe('Sessions to the partner at once, over all executions and steps.'),
  maxConcurrency: wholeNumber(1, STEP_FUNCTIONS_MAX_INLINE_MAP_CONCURRENCY, 'sessions at a time')
    .optional()
    .describe('Sessions of one transfer at a time. Default: 8, or maxSessions where that is less.'),
  chunkSizeBytes: wholeNumber(S3_MIN_PART_SIZE_BYTES, S3_MAX_PART_SIZE_BYTES, 'bytes')
    .default(DEFAULT_CHUNK_SIZE_BYTES)
    .describe('Size of a chunk, and so of an S3 part, where the execution names none.'),
  keyPrefix: text(
    /^[A-Za-z0-9!_.*'()-]+(\/[A-Za-z0-9!_.*'()-]+)*$/,
    'an object key prefix without a slash at either end',
  )
    .max(256, 'it must be at most 256 characters')
    .optional()
    .describe("First part of the keys of objects that name no key. Default: the partner's name."),
  keepPartsDays: wholeNumber(0, MAX_KEEP_PARTS_DAYS, 'days')
    .default(0)
    .describe(
      'How long the finished parts of a transfer that failed are kept for a resume, and paid for; 0 removes them at once.',
    ),
  patienceMinutes: wholeNumber(0, MAX_PATIENCE_MINUTES, 'minutes')
    .default(DEFAULT_PATIENCE_MINUTES)
    .describe(
      'How long a transfer waits for a server that cannot be reached, trying again soon and then once a minute; 0 fails at the first loss.',
    ),
  targetBuckets: list(targetBucketSchema).default([]).describe('Buckets beside the landing bucket.'),
  schedules: list(scheduleSchema).default([]).describe('Transfers that start by themselves.'),
  folders: list(configuredFolderSchema)
    .default([])
    .describe('Folders on the server; what is new in them is copied by each run.'),
  expectations: list(expectationSchema)
    .default([])
    .describe('Files that must have landed by a time of day; who is told when they have not.'),
  allowDelete: yesOrNo()
    .default(false)
    .describe("Lets folders with afterProof.action delete remove files from the partner's server."),
  expectSuccessWithinHours: z
    .union([wholeNumber(1, MAX_EXPECT_SUCCESS_WITHIN_HOURS, 'hours'), z.literal(false)], {
      error: `it must be a whole number of hours, 1 to ${MAX_EXPECT_SUCCESS_WITHIN_HOURS}, or false`,
    })
    .default(DEFAULT_EXPECT_SUCCESS_WITHIN_HOURS)
    .describe(
      'With schedules: alarm when no transfer succeeded for so long; false for none, where starts are more than a ' +
        'week apart.',
    ),
  memoryMb: wholeNumber(512, 10_240, 'MB')
    .default(DEFAULT_DOWNLOAD_MEMORY_MB)
    .describe('Memory of the download function; its processor share grows with it.'),
  timeoutSeconds: wholeNumber(60, LAMBDA_MAX_TIMEOUT_SECONDS, 'seconds')
    .default(LAMBDA_MAX_TIMEOUT_SECONDS)
    .describe('Time of one worker. One chunk must fit into it; what is left goes to the next worker.'),
});

export type PartnerConfiguration = Readonly<z.infer<typeof partnerSchema>>;
export type ScheduleConfiguration = Readonly<z.infer<typeof scheduleSchema>>;

/** The partner's folders with every default filled: what its functions are given. */
export function deployedFoldersOf(
  partner: Pick<PartnerConfiguration, 'folders' | 'maxConcurrency' | 'maxSessions'>,
): DeployedFolder[] {
  const { maxSessions } = partner;
  const maxConcurrency = maxConcurrencyOf(partner);
  return partner.folders.map((folder) => deployedFolder(folder, { maxSessions, maxConcurrency }));
}

/** Concurrency of one transfer where the configuration names none. */
export function maxConcurrencyOf(
  partner: Pick<PartnerConfiguration, 'maxConcurrency' | 'maxSessions'>,
): number {
  return partner.maxConcurrency ?? Math.min(DEFAULT_MAX_CONCURRENCY, partner.maxSessions);
}
