import type { UploadClaim } from './kept-uploads.ts';

/** Longer than whoever removes an upload works at it: abort-upload's function has five minutes. */
const REMOVAL_MS = 600_000;

/** Of an execution: held until Step Functions says that it is over. */
export function executionsClaim(execution: string, nowMs: number): UploadClaim {
  return { execution, sinceMs: nowMs };
}

/** Of whoever removes an upload, where there is no execution to ask about: over by itself, also if nobody gives it back. */
export function removalsClaim(removal: string, nowMs: number): UploadClaim {
  return { execution: removal, sinceMs: nowMs, untilMs: nowMs + REMOVAL_MS };
}

/** @param endOf of an execution; undefined while it runs, or where that cannot be learnt now */
export async function isClaimOver(
  { execution, untilMs }: UploadClaim,
  nowMs: number,
  endOf: (execution: string) => Promise<unknown>,
): Promise<boolean> {
  if (untilMs !== undefined) return untilMs <= nowMs;
  return (await endOf(execution)) !== undefined;
}
