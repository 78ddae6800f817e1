import type { Clock } from '../../transfer/clock.ts';
import { DEFAULT_MAX_CHANNELS } from '../../transfer/defaults.ts';
import { counted } from '../../transfer/text/counted.ts';
import type { ProbeSession, ServerProbe } from '../ports.ts';
import type { StageLog } from '../stage-log.ts';

/** Enough to see a cap of one, two or three; more would be a stranger's load test. */
export const MOST_CONNECTIONS = 4;

/** Counts the SFTP channels that one connection gives. @throws StageFailure when the connection does not survive it */
export async function countChannels(
  session: ProbeSession,
  log: StageLog,
  signal: AbortSignal,
): Promise<void> {
  await log.measure('channels', async () => {
    const { opened } = await session.countChannels(DEFAULT_MAX_CHANNELS, signal);
    const isAll = opened === DEFAULT_MAX_CHANNELS;
    return {
      value: undefined,
      verdict: isAll ? 'ok' : 'warning',
      summary: isAll
        ? `${counted(opened, 'SFTP channel')} on one connection; more were not tried`
        : `${counted(opened, 'SFTP channel')} on one connection; one more was refused`,
      details: { opened, tried: DEFAULT_MAX_CHANNELS },
    };
  });
}

export interface SessionLimits {
  maxSessions?: number | undefined;
  freeSessions?: number | undefined;
}

/**
 * Opens connections until the server gives none, the open one included in their count. Each is one login; the
 * first one that fails is the last one that is tried, and is a finding, not a failure of the check.
 * @param limits sessions that the partner granted, and those of them that are free for this check: it does not open more
 * @throws StageFailure when the time of the check is over
 * @returns those that were opened, to be ended by the caller, and whether one more had failed
 */
export async function openConnections(
  probe: ServerProbe,
  { log, clock }: { log: StageLog; clock: Clock },
  { maxSessions = Number.POSITIVE_INFINITY, freeSessions = Number.POSITIVE_INFINITY }: SessionLimits,
  signal: AbortSignal,
): Promise<{ further: ProbeSession[]; wasRefused: boolean }> {
  const most = Math.min(MOST_CONNECTIONS, maxSessions, freeSessions);
  const startedMs = clock.nowMs();
  const further: ProbeSession[] = [];
  let refusal: Error | undefined;
  try {
    while (further.length + 1 < most) further.push(await probe.connect(signal));
  } catch (error) {
    refusal = error instanceof Error ? error : new Error(String(error));
    if (signal.aborted) {
      await Promise.all(further.map((session) => session.end()));
      throw log.failed('connections', startedMs, refusal);
    }
  }
  const opened = further.length + 1;
  log.passed('connections', startedMs, {
    verdict: refusal === undefined ? 'ok' : 'warning',
    summary:
      refusal === undefined
        ? `${counted(opened, 'connection')} at a time; more were not tried${whyNotMore(most, freeSessions)}`
        : `${opened} at a time; one more failed: ${refusal.name}: ${refusal.message}`,
    details: { opened, tried: most, refusal: refusal?.name ?? null },
  });
  return { further, wasRefused: refusal !== undefined };
}

function whyNotMore(most: number, freeSessions: number): string {
  if (most === MOST_CONNECTIONS) return '';
  return most === freeSessions ? ': so many were free for this check' : ': the configuration allows so many';
}
