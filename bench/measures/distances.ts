import { MIB } from '../../transfer/text/units.ts';
import { isOnPath } from '../contenders/command.ts';
import type { Contender, Run } from '../contenders/contender.ts';
import { OUR_READER, OUR_UPLOAD, OUR_UPLOAD_TLS, RAW_TCP } from '../contenders/node/node-contenders.ts';
import { ourTransfer } from '../contenders/our-transfer.ts';
import { LFTP } from '../contenders/peers/lftp.ts';
import { OPENSSH_SFTP } from '../contenders/peers/openssh-sftp.ts';
import { RCLONE, RCLONE_WIDE } from '../contenders/peers/rclone.ts';
import { rcloneToS3 } from '../contenders/peers/rclone-to-s3.ts';
import type { LineLab } from '../lab/line/line-lab.ts';
import { type Sample, writeSample } from '../lab/sample.ts';
import type { Distance, DistancePlan } from '../plan.ts';
import { median } from './median.ts';
import { verifiedRun } from './verified-run.ts';

const PPM_OF_PERCENT = 10_000;

/** One contender over one distance. */
export interface DistanceCell {
  contender: string;
  connections: number;
  distance: string;
  sizeBytes: number;
  /** Every run; the first is the first round's. */
  runsMibPerSecond: number[];
  mibPerSecond: number;
  /** Logins that sshd accepted in a run; the most of all runs. */
  logins: number;
  /** Medians of the client's process, where it is ours. */
  cpuSeconds?: number;
  peakRssBytes?: number;
}

interface MeasuredRun extends Run {
  mibPerSecond: number;
  logins: number;
}

/**
 * The limit, ours, and the peers that are there.
 * @param only parts of names
 * @throws RangeError of a text that is in no name
 */
function contendersHere(only?: readonly string[]): Contender[] {
  const ours = [1, 8].map((sessions) => ourTransfer(sessions));
  const peers = [
    { program: 'sftp', contenders: [OPENSSH_SFTP] },
    { program: 'rclone', contenders: [RCLONE, RCLONE_WIDE, rcloneToS3('tls')] },
    { program: 'lftp', contenders: [LFTP] },
  ];
  const all = [
    ...ours,
    OUR_READER,
    OUR_UPLOAD,
    OUR_UPLOAD_TLS,
    ...peers.filter(({ program }) => isOnPath(program)).flatMap(({ contenders }) => contenders),
  ];
  const unknown = only?.find((text) => !all.some(({ name }) => name.includes(text)));
  if (unknown !== undefined)
    throw new RangeError(`--only ${unknown} is in none of: ${all.map(({ name }) => name).join('; ')}`);
  return [RAW_TCP, ...all.filter(({ name }) => only?.some((text) => name.includes(text)) ?? true)];
}

export function nameOf({ roundTripMs, lossPpm }: Distance): string {
  return `${roundTripMs} ms${lossPpm === 0 ? '' : `, ${lossPpm / PPM_OF_PERCENT} % lost`}`;
}

/**
 * Whole files over a packet-level line, on which TCP itself meets the distance. Rounds within a distance, in which every
 * contender runs once, so that a busy moment of the machine hits them all.
 */
export async function measureDistances(
  lab: LineLab,
  plan: DistancePlan,
  progress: (text: string) => void,
): Promise<DistanceCell[]> {
  const contenders = contendersHere(plan.only);
  const samples = new Map<number, Sample>();
  for (const sizeBytes of new Set([plan.oneConnectionBytes, plan.manyConnectionsBytes]))
    samples.set(sizeBytes, await writeSample(lab.folder, sizeBytes));
  const cells: DistanceCell[] = [];
  for (const distance of plan.distances) {
    const line = await lab.shape({
      ...distance,
      bytesPerSecond: plan.bytesPerSecond,
      queueBytes: plan.queueBytes,
    });
    const measured = contenders.map((contender) => ({
      contender,
      sample: samples.get(
        contender.connections === 1 ? plan.oneConnectionBytes : plan.manyConnectionsBytes,
      ) as Sample,
      runs: [] as MeasuredRun[],
    }));
    for (let round = 1; round <= plan.rounds; round += 1) {
      for (const { contender, sample, runs } of measured) {
        const loginsBefore = await lab.logins();
        const run = await verifiedRun(contender, lab, line, sample);
        const mibPerSecond = sample.sizeBytes / MIB / run.seconds;
        const logins = (await lab.logins()) - loginsBefore;
        runs.push({ ...run, mibPerSecond, logins });
        const said = `${mibPerSecond.toFixed(1)} MiB/s, logins: ${logins}`;
        progress(`round ${round} of ${plan.rounds}, ${nameOf(distance)}: ${contender.name} ${said}`);
      }
    }
    cells.push(...measured.map((cell) => toCell(cell, distance)));
  }
  return cells;
}

function toCell(
  { contender, sample, runs }: { contender: Contender; sample: Sample; runs: readonly MeasuredRun[] },
  distance: Distance,
): DistanceCell {
  const rates = runs.map(({ mibPerSecond }) => mibPerSecond);
  const cpuSeconds = runs.flatMap((run) => run.cpuSeconds ?? []);
  const peakRssBytes = runs.flatMap((run) => run.peakRssBytes ?? []);
  return {
    contender: contender.name,
    connections: contender.connections,
    distance: nameOf(distance),
    sizeBytes: sample.sizeBytes,
    runsMibPerSecond: rates,
    mibPerSecond: median(rates),
    logins: Math.max(...runs.map(({ logins }) => logins)),
    ...(cpuSeconds.length > 0 && { cpuSeconds: median(cpuSeconds) }),
    ...(peakRssBytes.length > 0 && { peakRssBytes: median(peakRssBytes) }),
  };
}
