import type { UploadClaim } from '../../ledger/kept-uploads.ts';

/** A transfer that was killed, on a machine that is gone as well, holds its upload no longer than this. */
export const CLAIM_MS = 30_000;

/** This process's claim of an upload, to be renewed before `untilMs`. */
export function localClaim(execution: string, nowMs: number): UploadClaim {
  return { execution, sinceMs: nowMs, untilMs: nowMs + CLAIM_MS, processId: process.pid };
}

/** Whether a claim's process is gone, or has not renewed it. */
export function isLocalClaimOver({ untilMs, processId }: UploadClaim, nowMs: number): boolean {
  if (untilMs !== undefined && untilMs <= nowMs) return true;
  return processId !== undefined && !isAlive(processId);
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // It is there, and another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
