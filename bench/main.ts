import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { availableContenders } from './contenders/contenders.ts';
import { startLab } from './lab/lab.ts';
import { measureBundles } from './measures/bundles.ts';
import { measureMemory } from './measures/memory.ts';
import { measureThroughput } from './measures/throughput.ts';
import { measureWholeFile } from './measures/whole-file.ts';
import { FULL_PLAN, QUICK_PLAN } from './plan.ts';
import { describeMachine } from './report/machine.ts';
import { type BenchReport, formatReport } from './report/report.ts';

/** `npm run bench -- [--quick] [--json FILE]`: measures, and prints one report; progress goes to stderr. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'string' } } });
  const plan = values.quick ? QUICK_PLAN : FULL_PLAN;
  const progress = (text: string): void => void process.stderr.write(`${text}\n`);
  const startedAt = new Date();
  const lab = await startLab(plan);
  try {
    const { contenders, missing } = availableContenders();
    const report: BenchReport = {
      startedAt: startedAt.toISOString(),
      quick: values.quick ?? false,
      seconds: 0,
      machine: await describeMachine(),
      server: lab.sftp.kind,
      missing,
      lines: lab.lines.map(({ roundTripMs, ceilingMibPerSecond }) => ({ roundTripMs, ceilingMibPerSecond })),
      throughput: await measureThroughput(lab, plan, contenders, progress),
      memory: await measureMemory(lab, plan),
      wholeFile: await measureWholeFile(lab, plan, progress),
      bundles: await measureBundles(lab, plan),
    };
    report.seconds = (Date.now() - startedAt.getTime()) / 1_000;
    process.stdout.write(formatReport(report));
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await lab.stop();
  }
}

await main();
