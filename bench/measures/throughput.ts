import { GIB, MIB } from '../../transfer/text/units.ts';
import type { Contender } from '../contenders/contender.ts';
import type { RelayLab } from '../lab/lab.ts';
import { type Sample, writeSample } from '../lab/sample.ts';
import type { BenchPlan } from '../plan.ts';
import { median } from './median.ts';
import { verifiedRun } from './verified-run.ts';

export interface Throughput {
  contender: string;
  connections: number;
  roundTripMs: number;
  sizeBytes: number;
  /** Every run; the first is the first round's. */
  runsMibPerSecond: number[];
  mibPerSecond: number;
  /** Without the time that connecting took, where it is known. */
  connectedMibPerSecond?: number;
  /** Of the client, where it is ours. */
  cpuSecondsPerGib?: number;
}

/** Rounds in which every contender runs once over every line, so that a busy moment of the machine hits them all. */
export async function measureThroughput(
  lab: RelayLab,
  plan: BenchPlan,
  contenders: readonly Contender[],
  progress: (text: string) => void,
): Promise<Throughput[]> {
  const large = await writeSample(lab.folder, plan.largeBytes);
  const small = await writeSample(lab.folder, plan.smallBytes);
  const cells = lab.lines.flatMap((line) =>
    contenders.map((contender) => ({
      line,
      contender,
      sample: contender.isSequential && line.roundTripMs > 0 ? small : large,
      rates: [] as number[],
      connectedRates: [] as number[],
      cpuSecondsPerGib: [] as number[],
    })),
  );
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const { line, contender, sample, rates, connectedRates, cpuSecondsPerGib } of cells) {
      const run = await verifiedRun(contender, lab, line, sample);
      rates.push(mibPerSecond(sample, run.seconds));
      if (run.connectSeconds !== undefined) {
        connectedRates.push(mibPerSecond(sample, run.seconds - run.connectSeconds));
      }
      if (run.cpuSeconds !== undefined) cpuSecondsPerGib.push((run.cpuSeconds * GIB) / sample.sizeBytes);
      const rate = rates.at(-1)?.toFixed(1);
      progress(`round ${round} of ${plan.rounds}, ${line.roundTripMs} ms: ${contender.name} ${rate} MiB/s`);
    }
  }
  return cells.map(({ line, contender, sample, rates, connectedRates, cpuSecondsPerGib }) => ({
    contender: contender.name,
    connections: contender.connections,
    roundTripMs: line.roundTripMs,
    sizeBytes: sample.sizeBytes,
    runsMibPerSecond: rates,
    mibPerSecond: median(rates),
    ...(connectedRates.length > 0 && { connectedMibPerSecond: median(connectedRates) }),
    ...(cpuSecondsPerGib.length > 0 && { cpuSecondsPerGib: median(cpuSecondsPerGib) }),
  }));
}

function mibPerSecond({ sizeBytes }: Sample, seconds: number): number {
  return sizeBytes / MIB / seconds;
}
