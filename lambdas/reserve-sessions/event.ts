import { z } from 'zod';
import { checkSessionsEventSchema } from '../../doctor/check-sessions.ts';
import {
  between,
  executionId,
  type KeptUploadPlan,
  transferRequestSchema,
} from '../../transfer/contracts.ts';

const sessionRequestSchema = z.object({
  execution_id: executionId,
  /** The input of a transfer's execution. A wrong one is refused here, before anybody waits for it. */
  request: transferRequestSchema.optional(),
  /** Of a folder's execution: what its next phase wants. */
  wanted_sessions: between(1, Number.MAX_SAFE_INTEGER, 'sessions').optional(),
  /** A wrong event of the other kind is not taken for one of this kind. */
  lost_partner: z.never().optional(),
  check: z.never().optional(),
});
export type SessionRequestEvent = z.infer<typeof sessionRequestSchema>;

const caughtErrorSchema = z.object({ Error: z.string(), Cause: z.string() });

const awaitedPartnerSchema = z.object({
  /** How far the work had come: what comes after it is another loss. */
  stage: z.string(),
  /** When it lost the partner. Milliseconds since 1970-01-01 UTC. */
  since_ms: z.int(),
  /** 0: it may try again. */
  wait_seconds: between(0, Number.MAX_SAFE_INTEGER, 'seconds'),
  /** Of this piece of work, over all its losses. */
  waited_seconds: between(0, Number.MAX_SAFE_INTEGER, 'seconds'),
  /** The error to fail with: it has waited long enough. */
  gave_up: caughtErrorSchema.optional(),
});
/** What AwaitPartner and AwaitPartnerOfSegment return. */
export type AwaitedPartner = z.infer<typeof awaitedPartnerSchema>;

/** From a state that waits for a partner who cannot be reached: the state of the transfer, or of one segment. */
const awaitPartnerEventSchema = z.object({
  execution_id: executionId,
  lost_partner: z.object({
    lost: caughtErrorSchema,
    waited: awaitedPartnerSchema.optional(),
    file: z.object({ max_concurrency: z.number() }).optional(),
    segment: z.object({ segment_number: z.number(), next_chunk: z.number() }).optional(),
    upload: z.unknown().optional(),
    plan: z.unknown().optional(),
  }),
});
export type AwaitPartnerEvent = z.infer<typeof awaitPartnerEventSchema>;

/** From the workflows. */
export const workflowEventSchema = z.union([awaitPartnerEventSchema, sessionRequestSchema]);

export const reserveSessionsEventSchema = z.union([checkSessionsEventSchema, workflowEventSchema]);
export type ReserveSessionsEvent = z.infer<typeof reserveSessionsEventSchema>;

/** What ReserveSessions returns; the workflow goes on where `granted` is above 0, and waits `wait_seconds` elsewhere. */
export interface SessionReservation {
  /** Sessions that the execution may have open at a time; 0 while it waits. */
  granted: number;
  /** What the request, or the partner's configuration, asked for. */
  wanted: number;
  /** Executions that are served first; 0 where sessions are granted. */
  ahead: number;
  /** Until the next poll; 0 where sessions are granted. */
  wait_seconds: number;
  /** The upload that the execution has claimed, where its request resumes one. */
  kept_upload?: KeptUploadPlan;
}
