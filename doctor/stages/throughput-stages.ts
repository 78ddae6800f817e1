import type { Clock } from '../../transfer/clock.ts';
import { DEFAULT_MAX_CHANNELS } from '../../transfer/defaults.ts';
import { counted } from '../../transfer/text/counted.ts';
import { MIB } from '../../transfer/text/units.ts';
import type { ProbeSession } from '../ports.ts';
import type { StageName } from '../report.ts';
import type { StageLog } from '../stage-log.ts';
import type { CheckedFile } from './file-stages.ts';

/** A measurement ends after this many bytes or milliseconds, whichever comes first: the partner's line is not ours. */
const THROUGHPUT_BYTES = 64 * MIB;
const THROUGHPUT_TIME_BUDGET_MS = 5_000;
/** Less than this is the start of a connection, and not what the line carries. */
const MIN_CONCLUSIVE_MS = 1_000;
/** A process that is busier is the limit itself: each worker of a transfer has a processor of its own. */
const MOST_CONCLUSIVE_BUSY_SHARE = 0.7;

/**
 * Measures one connection over one SFTP channel, then over as many as the reader finds worth it.
 * The two read from the two ends of the file, so that the second does not find in memory what the first had read.
 * @returns the better rate, in bytes per second
 * @throws StageFailure
 */
export async function measureThroughput(
  session: ProbeSession,
  file: CheckedFile,
  log: StageLog,
  signal: AbortSignal,
): Promise<number> {
  const maxReadBytes = await session.maxReadBytes(signal);
  const lengthBytes = Math.min(THROUGHPUT_BYTES, file.sizeBytes);
  const measure = (stage: StageName, startByte: number, maxChannels: number): Promise<number> =>
    log.measure(stage, async () => {
      const range = { path: file.path, startByte, endByte: startByte + lengthBytes };
      const limits = { maxReadBytes, maxChannels, timeBudgetMs: THROUGHPUT_TIME_BUDGET_MS };
      const { bytes, durationMs, roundTripMs, channels } = await session.measureRead(range, limits, signal);
      const bytesPerSecond = (bytes * 1000) / Math.max(durationMs, 1);
      const rate = `${(bytesPerSecond / MIB).toFixed(1)} MiB/s`;
      return {
        value: bytesPerSecond,
        summary: `${rate} over ${counted(channels, 'SFTP channel')}, round trip ${roundTripMs.toFixed(1)} ms`,
        details: {
          bytes,
          seconds: durationMs / 1000,
          mib_per_second: Number((bytesPerSecond / MIB).toFixed(2)),
          channels,
          round_trip_ms: Number(roundTripMs.toFixed(1)),
        },
      };
    });
  const one = await measure('throughput-one-channel', 0, 1);
  const many = await measure('throughput-many-channels', file.sizeBytes - lengthBytes, DEFAULT_MAX_CHANNELS);
  return Math.max(one, many);
}

/**
 * Measures all open connections at once, each in a part of the file of its own. What fails here is a finding, not a failure
 * of the check: one connection has read well.
 * @throws StageFailure when the time of the check is over
 * @returns bytes per second of all together; undefined where that does not show what the line carries
 */
export async function measureTogether(
  sessions: readonly ProbeSession[],
  file: CheckedFile | undefined,
  log: StageLog,
  clock: Pick<Clock, 'nowMs'>,
  signal: AbortSignal,
): Promise<number | undefined> {
  const stage = 'throughput-many-connections';
  if (file === undefined || file.sizeBytes === 0 || sessions.length === 1) {
    log.skipped(stage, sessions.length === 1 ? 'there is one connection' : 'nothing was read');
    return undefined;
  }
  const startedMs = clock.nowMs();
  const shareBytes = Math.floor(file.sizeBytes / sessions.length);
  const lengthBytes = Math.max(1, Math.min(THROUGHPUT_BYTES, shareBytes));
  const limits = { maxChannels: DEFAULT_MAX_CHANNELS, timeBudgetMs: THROUGHPUT_TIME_BUDGET_MS };
  const reads = await Promise.allSettled(
    sessions.map(async (session, index) => {
      const startByte = Math.min(index * shareBytes, file.sizeBytes - lengthBytes);
      const range = { path: file.path, startByte, endByte: startByte + lengthBytes };
      const maxReadBytes = await session.maxReadBytes(signal);
      return session.measureRead(range, { ...limits, maxReadBytes }, signal);
    }),
  );
  const failed = reads.find((read) => read.status === 'rejected');
  if (failed !== undefined) {
    if (signal.aborted) throw log.failed(stage, startedMs, failed.reason as Error);
    const { name, message } = failed.reason as Error;
    const summary = `not all of ${counted(sessions.length, 'connection')} could read at once: ${name}: ${message}`;
    log.passed(stage, startedMs, { verdict: 'warning', summary, details: { connections: sessions.length } });
    return undefined;
  }
  const done = reads.flatMap((read) => (read.status === 'fulfilled' ? [read.value] : []));
  const bytes = done.reduce((sum, read) => sum + read.bytes, 0);
  const longestMs = Math.max(1, ...done.map(({ durationMs }) => durationMs));
  const busyShare = Math.max(...done.map((read) => read.busyShare));
  const bytesPerSecond = (bytes * 1_000) / longestMs;
  const doubt =
    busyShare > MOST_CONCLUSIVE_BUSY_SHARE
      ? '; this process was the limit, the line may carry more'
      : longestMs < MIN_CONCLUSIVE_MS
        ? '; too short to say what the line carries'
        : '';
  log.passed(stage, startedMs, {
    summary: `${(bytesPerSecond / MIB).toFixed(1)} MiB/s over ${counted(sessions.length, 'connection')}${doubt}`,
    details: {
      bytes,
      seconds: longestMs / 1_000,
      mib_per_second: Number((bytesPerSecond / MIB).toFixed(2)),
      connections: sessions.length,
      busy_share: Number(busyShare.toFixed(2)),
      is_conclusive: doubt === '',
    },
  });
  return doubt === '' ? bytesPerSecond : undefined;
}
