/** What becomes of the finished parts of a transfer that failed. */

/** S3 keeps parts as long as it is told to; they are paid for, and a source that old has mostly been replaced. */
export const MAX_KEEP_PARTS_DAYS = 14;
export const DAY_MS = 86_400_000;
/** TimeoutSeconds of the workflow: how long an execution may upload before it fails. */
const MAX_EXECUTION_DAYS = 7;
/**
 * The bucket's lifecycle rule removes an upload so many days after the kept ones are given up: it counts from the
 * upload's start, which may be a whole execution before the failure, and it works once a day.
 */
export const LIFECYCLE_MARGIN_DAYS = MAX_EXECUTION_DAYS + 1;

/**
 * Errors after which the parts are worth nothing: the source or the target is another one, or the upload is gone. The
 * Catch of the workflow names exactly these. After any other error what was read stays true.
 */
export const PARTS_ARE_WORTHLESS_AFTER: readonly string[] = [
  'SourceChangedError',
  'SourceNotFoundError',
  'SourceNotAFileError',
  'TargetExistsError',
  'InvalidTransferRequestError',
  'UploadGoneError',
];

export interface KeepingTime {
  /** Milliseconds since 1970-01-01 UTC. */
  nowMs: number;
  /** When the upload was started, or before. */
  startedAtMs: number;
  keepPartsDays: number;
}

/**
 * Until when the parts are kept; undefined where they are not. An upload that is resumed and fails again and again is
 * given up before the lifecycle rule would remove it.
 */
export function keepUntil({ nowMs, startedAtMs, keepPartsDays }: KeepingTime): number | undefined {
  if (keepPartsDays === 0) return undefined;
  const untilMs = Math.min(
    nowMs + keepPartsDays * DAY_MS,
    startedAtMs + (keepPartsDays + MAX_EXECUTION_DAYS) * DAY_MS,
  );
  return untilMs > nowMs ? untilMs : undefined;
}

/** Whether an upload is kept at all when a transfer fails so. */
export function keepsParts(errorName: string | undefined): boolean {
  return errorName === undefined || !PARTS_ARE_WORTHLESS_AFTER.includes(errorName);
}

/** What an operator types to go on with what an execution on AWS left. */
export function resumeCommand(execution: string): string {
  return `npx sftp-to-s3 resume ${execution}`;
}
