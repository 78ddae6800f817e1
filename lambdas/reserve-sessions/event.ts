import { z } from 'zod';
import {
  between,
  executionId,
  type KeptUploadPlan,
  transferRequestSchema,
} from '../../transfer/contracts.ts';

export const reserveSessionsEventSchema = z.object({
  execution_id: executionId,
  /** The input of a transfer's execution. A wrong one is refused here, before anybody waits for it. */
  request: transferRequestSchema.optional(),
  /** Of a folder's execution: what its next phase wants. */
  wanted_sessions: between(1, Number.MAX_SAFE_INTEGER, 'sessions').optional(),
});
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
