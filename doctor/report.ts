import { z } from 'zod';

/** The report of a check, as the command line prints it and the check mode of get-file-metadata returns it. */

export const STAGES = [
  'configuration',
  'dns',
  'egress',
  'tcp',
  'banner',
  'algorithms',
  'host-key',
  'login',
  'sftp-session',
  'realpath',
  'stat',
  'listing',
  'after-proof',
  'read-start',
  'read-middle',
  'read-end',
  'throughput-one-channel',
  'throughput-many-channels',
  'unchanged',
  'channels',
  'connections',
  'throughput-many-connections',
] as const;
export type StageName = (typeof STAGES)[number];

const stageSchema = z.object({
  stage: z.enum(STAGES),
  verdict: z.enum(['ok', 'warning', 'failed', 'skipped']),
  milliseconds: z.number(),
  /** One line for people. */
  summary: z.string(),
  /** The same for programs; keys are snake_case. */
  details: z.record(z.string(), z.unknown()),
});
export type Stage = z.infer<typeof stageSchema>;

const faultSchema = z.enum(['ours', 'partner', 'network']);
export type Fault = z.infer<typeof faultSchema>;

const failureSchema = z.object({
  stage: z.enum(STAGES),
  /** Name of the error. */
  error: z.string(),
  cause: z.string(),
  fault: faultSchema,
  /** Whose fault it is, why, and what to do. */
  sentence: z.string(),
  /** Ready to be sent; null when the partner can do nothing. */
  message_to_partner: z.string().nullable(),
});
export type CheckFailure = z.infer<typeof failureSchema>;

const recommendationSchema = z.object({
  file_size_bytes: z.number(),
  chunk_size_bytes: z.number(),
  chunk_count: z.number(),
  max_concurrency: z.number(),
  /** From all connections adding up to all of them sharing the highest rate that was measured. */
  expected_seconds: z.object({ fastest: z.number(), slowest: z.number() }),
  /** How the figures came about, and what speaks against them. */
  reasons: z.array(z.string()),
});
export type Recommendation = z.infer<typeof recommendationSchema>;

export const serverCheckReportSchema = z.object({
  status: z.enum(['HEALTHY', 'FAILED']),
  /** `host:port` */
  server: z.string(),
  /** ISO 8601 */
  started_at: z.string(),
  seconds: z.number(),
  stages: z.array(stageSchema),
  failure: failureSchema.nullable(),
  /** Null when nothing was measured, or no size is known. */
  recommendation: recommendationSchema.nullable(),
});
export type ServerCheckReport = z.infer<typeof serverCheckReportSchema>;
