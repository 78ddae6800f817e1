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
