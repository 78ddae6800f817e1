import type { FileIdentity } from '../../ledger/entry.ts';
import type { Observation } from './observation.ts';

export type NotReadyReason =
  /** Seen for the first time; another listing has to confirm it. */
  | 'first-look'
  /** Equal in every listing so far, but not for `quietSeconds` yet. */
  | 'quiet-period'
  /** The last listing differed from the one before. */
  | 'changing'
  | 'too-small'
  | 'no-trigger'
  /** The trigger has released another delivery, and is older than this file. */
  | 'stale-trigger'
  | 'not-in-manifest'
  | 'manifest-incomplete'
  /** It changed, or vanished, between the decision and the end of the copy. */
  | 'changed';

export interface ReadinessRules {
  /** By our clock: how long two equal listings must be apart. */
  quietSeconds: number;
  minBytes: number;
  /** After so long an alarm is due. @default never */
  giveUpAfterHours?: number;
}

/** What is known of the trigger of one file; `undefined` where no trigger is configured. */
export interface TriggerState {
  required: boolean;
  /** Absent while there is none. */
  found?: FileIdentity;
  /** It has released a delivery before, as it is. */
  isSpent?: boolean;
  /** Of a manifest: this file is not in it, or not all members are there. */
  problem?: 'not-in-manifest' | 'manifest-incomplete';
}

export type Readiness =
  | { ready: true }
  | {
      ready: false;
      reason: NotReadyReason;
      /** Waiting for longer than `giveUpAfterHours`. */
      overdue: boolean;
      /** Our clock's time at which one more equal listing makes it ready; absent where no time does. */
      readyAtMs?: number;
    };

/**
 * Whether a file is complete, as far as anybody can know over SFTP: neither its size nor its time has moved between
 * two listings `quietSeconds` apart by our clock, or its writer says so by a trigger. The server's clock is compared with
 * itself only: it may be hours off, and jump.
 */
export function judgeReadiness(
  file: Observation,
  rules: ReadinessRules,
  trigger: TriggerState | undefined,
  nowMs: number,
): Readiness {
  const giveUpMs = (rules.giveUpAfterHours ?? Number.POSITIVE_INFINITY) * 3_600_000;
  const overdue = nowMs - file.firstSeenMs >= giveUpMs;
  const notReady = (reason: NotReadyReason, readyAtMs?: number): Readiness => ({
    ready: false,
    reason,
    overdue,
    ...(readyAtMs !== undefined && { readyAtMs }),
  });

  if (file.sizeBytes < rules.minBytes) return notReady('too-small');
  if (trigger?.problem !== undefined) return notReady(trigger.problem);
  if (trigger !== undefined && trigger.found === undefined && trigger.required) return notReady('no-trigger');
  if (trigger?.found !== undefined) {
    const isOlder = trigger.found.modifiedAtSeconds < file.modifiedAtSeconds;
    if (isOlder && trigger.isSpent === true) return notReady('stale-trigger');
    // The copy checks the open file again, which is the second time.
    if (!isOlder) return { ready: true };
    // Sent before its data, which may still be on its way: then quiet has to show it.
  }
  const quietMs = rules.quietSeconds * 1000;
  const readyAtMs = file.sinceMs + quietMs;
  if (file.lastSeenMs >= readyAtMs) return { ready: true };
  if (file.lastSeenMs === file.sinceMs)
    return notReady(file.changes > 0 ? 'changing' : 'first-look', readyAtMs);
  return notReady('quiet-period', readyAtMs);
}
