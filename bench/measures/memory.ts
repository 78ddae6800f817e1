import { MIB } from '../../transfer/text/units.ts';
import { OUR_UPLOAD } from '../contenders/node/node-contenders.ts';
import type { RelayLab } from '../lab/lab.ts';
import { writeSample } from '../lab/sample.ts';
import type { BenchPlan } from '../plan.ts';
import { verifiedRun } from './verified-run.ts';

export interface Memory {
  chunkBytes: number;
  /** Of the whole process, at its peak. */
  peakRssMib: number;
}

/** DownloadSegment's peak for each size of chunk; it must not grow with it. */
export async function measureMemory(lab: RelayLab, plan: BenchPlan): Promise<Memory[]> {
  const line = lab.lines.find(({ roundTripMs }) => roundTripMs === plan.memory.roundTripMs);
  if (line === undefined) throw new RangeError(`no line of ${plan.memory.roundTripMs} ms`);
  const measured: Memory[] = [];
  for (const chunkBytes of plan.memory.chunkBytes) {
    const sample = await writeSample(lab.folder, chunkBytes);
    const { peakRssBytes = 0 } = await verifiedRun(OUR_UPLOAD, lab, line, sample);
    measured.push({ chunkBytes, peakRssMib: peakRssBytes / MIB });
  }
  return measured;
}
