import { writeFile } from 'node:fs/promises';
import { availableContenders } from './contenders/contenders.ts';
import { type Lab, startRelayLab } from './lab/lab.ts';
import { startLineLab } from './lab/line/line-lab.ts';
import { packetLineMissing } from './lab/line/packet-line-missing.ts';
import { measureBundles } from './measures/bundles.ts';
import { type DistanceCell, measureDistances } from './measures/distances.ts';
import { type FolderRow, measureFolder } from './measures/folder.ts';
import { measureMemory } from './measures/memory.ts';
import { measureThroughput } from './measures/throughput.ts';
import { measureWholeFile } from './measures/whole-file.ts';
import { parseBenchOptions } from './options.ts';
import type { BenchPlan, DistancePlan, FolderPlan } from './plan.ts';
import { describeMachine } from './report/machine.ts';
import { type BenchReport, formatReport, type RelayReport } from './report/report.ts';

const { contenders, missing } = availableContenders();
const progress = (text: string): void => void process.stderr.write(`${text}\n`);

/**
 * `npm run bench -- [--quick] [--relay] [--line [--mib N]] [--folder [--files N]] [--rounds N] [--distance MS[,PPM]]...
 * [--only NAME]... [--json FILE]`: measures what needs no distance (`--relay`), the distances (`--line`), a folder of small files
 * (`--folder`), or all three, and prints one report; progress goes to stderr.
 */
async function main(): Promise<void> {
  const { quick, plan, distancePlan, folderPlan, jsonFile } = parseBenchOptions(process.argv.slice(2));
  const startedAt = new Date();
  const report: BenchReport = {
    startedAt: startedAt.toISOString(),
    quick,
    seconds: 0,
    machine: await describeMachine(),
    missing,
    ...(plan !== undefined && {
      relay: await withLab(startRelayLab(plan), (lab) => measureRelay(lab, plan)),
    }),
    ...(distancePlan !== undefined && { distances: await measureLine(distancePlan) }),
    ...(folderPlan !== undefined && { folder: await measureFolderOverLine(folderPlan) }),
  };
  report.seconds = (Date.now() - startedAt.getTime()) / 1_000;
  process.stdout.write(formatReport(report));
  if (jsonFile !== undefined) await writeFile(jsonFile, `${JSON.stringify(report, null, 2)}\n`);
}

async function measureRelay(
  lab: Awaited<ReturnType<typeof startRelayLab>>,
  plan: BenchPlan,
): Promise<RelayReport> {
  return {
    server: lab.sftp.kind,
    lines: lab.lines.map(({ roundTripMs, ceilingMibPerSecond }) => ({ roundTripMs, ceilingMibPerSecond })),
    throughput: await measureThroughput(lab, plan, contenders, progress),
    memory: await measureMemory(lab, plan),
    wholeFile: await measureWholeFile(lab, plan, progress),
    bundles: await measureBundles(lab, plan),
  };
}

async function measureLine(
  plan: DistancePlan,
): Promise<{ plan: DistancePlan; cells: DistanceCell[] } | { missing: string }> {
  if (packetLineMissing !== undefined) return { missing: packetLineMissing };
  return {
    plan,
    cells: await withLab(startLineLab(), (lab) => measureDistances(lab, plan, progress)),
  };
}

async function measureFolderOverLine(
  plan: FolderPlan,
): Promise<{ plan: FolderPlan; rows: FolderRow[] } | { missing: string }> {
  if (packetLineMissing !== undefined) return { missing: packetLineMissing };
  return { plan, rows: await withLab(startLineLab(), (lab) => measureFolder(lab, plan, progress)) };
}

/** Whatever happens, Ctrl-C included, nothing of the lab is left. */
async function withLab<L extends Lab, Result>(
  starting: Promise<L>,
  measure: (lab: L) => Promise<Result>,
): Promise<Result> {
  const lab = await starting;
  const stop = (signal: NodeJS.Signals): void => {
    void lab.stop().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await measure(lab);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await lab.stop();
  }
}

await main();
