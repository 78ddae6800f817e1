import { z } from 'zod';
import { between, executionId } from '../transfer/contracts.ts';

/** Asks the function of ReserveSessions for the sessions of a check, which belongs to no execution. */
export const checkSessionsEventSchema = z.object({
  /** What an older function takes for an execution. */
  execution_id: executionId,
  check: z.object({ id: z.string().regex(/^\S+$/).max(100) }),
  wanted_sessions: between(1, Number.MAX_SAFE_INTEGER, 'sessions'),
});
export type CheckSessionsEvent = z.infer<typeof checkSessionsEventSchema>;

/** What it answers. */
export const checkSessionsSchema = z.object({
  /** Sessions at a time; 0 where none is free. */
  granted: z.int().min(0),
  wanted: z.int(),
  /** Under this name they are given back, by the function of ReleaseSessions. */
  held_as: z.string(),
  /** Where none is free: who is served first, executions that wait included. */
  held_by: z.array(z.string()),
});
export type CheckSessions = z.infer<typeof checkSessionsSchema>;
