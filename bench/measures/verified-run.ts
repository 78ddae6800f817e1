import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Contender, Run } from '../contenders/contender.ts';
import type { Lab } from '../lab/lab.ts';
import type { Line } from '../lab/line.ts';
import type { Sample } from '../lab/sample.ts';

/** Runs a contender once. @throws Error when what arrived is not the sample */
export async function verifiedRun(contender: Contender, lab: Lab, line: Line, sample: Sample): Promise<Run> {
  const targetPath = path.join(lab.folder, 'target');
  try {
    const run = await contender.run({ lab, line, sample, targetPath });
    if (run.sha256 !== sample.sha256)
      throw new Error(`${contender.name} gave other bytes than the source has`);
    return run;
  } finally {
    await rm(targetPath, { force: true });
  }
}
