import { S3_MIN_PART_SIZE_BYTES } from '../../transfer/limits.ts';
import { MIB } from '../../transfer/text/units.ts';
import { isOnPath } from '../contenders/command.ts';
import type { Contender } from '../contenders/contender.ts';
import { ourTransfer } from '../contenders/our-transfer.ts';
import { rcloneToS3 } from '../contenders/peers/rclone-to-s3.ts';
import type { RelayLab } from '../lab/lab.ts';
import { writeSample } from '../lab/sample.ts';
import type { BenchPlan } from '../plan.ts';
import { verifiedRun } from './verified-run.ts';

/** So that the widest run has a chunk for everyone. */
const CHUNKS = 16;

export interface WholeFile {
  how: string;
  roundTripMs: number;
  sizeBytes: number;
  seconds: number;
  mibPerSecond: number;
}

/** A whole file from SFTP into S3: the command line's local mode with several numbers of sessions, and rclone, each once. */
export async function measureWholeFile(
  lab: RelayLab,
  plan: BenchPlan,
  progress: (text: string) => void,
): Promise<WholeFile[]> {
  const { roundTripMs, bytes, sessionCounts } = plan.wholeFile;
  const line = lab.lines.find((candidate) => candidate.roundTripMs === roundTripMs);
  if (line === undefined) throw new RangeError(`no line of ${roundTripMs} ms`);
  const sample = await writeSample(lab.folder, bytes);
  const { sizeBytes } = sample;
  const chunkBytes = Math.max(S3_MIN_PART_SIZE_BYTES, sizeBytes / CHUNKS);
  const contenders: Contender[] = sessionCounts.map((sessions) =>
    ourTransfer(sessions, { store: 'plain', flags: [`--chunk-size=${chunkBytes / MIB}MiB`] }),
  );
  if (isOnPath('rclone')) contenders.push(rcloneToS3('plain'));
  const measured: WholeFile[] = [];
  for (const contender of contenders) {
    const { seconds } = await verifiedRun(contender, lab, line, sample);
    const mibPerSecond = sizeBytes / MIB / seconds;
    measured.push({ how: contender.name, roundTripMs, sizeBytes, seconds, mibPerSecond });
    progress(`whole file, ${roundTripMs} ms: ${contender.name} ${mibPerSecond.toFixed(1)} MiB/s`);
  }
  return measured;
}
