import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { hashFile, writeSampleFile } from '../../local/sample-file.ts';
import { isOnPath } from '../contenders/command.ts';
import { type FolderContender, ourPull, rcloneFolder } from '../contenders/folder-contender.ts';
import { takeObject } from '../contenders/landed-object.ts';
import type { LineLab } from '../lab/line/line-lab.ts';
import type { FolderPlan } from '../plan.ts';
import { median } from './median.ts';

interface FolderRun {
  seconds: number;
  /** Logins that sshd accepted. */
  logins: number;
}

/** One contender with the whole folder; medians of the seconds, and the most logins. */
export interface FolderRow {
  contender: string;
  connections: number;
  first: FolderRun;
  /** The same again, with everything landed. */
  again: FolderRun;
}

/**
 * A folder of small files into S3, and once more with nothing new in it. Rounds, in which every contender runs once, so
 * that a busy moment of the machine hits them all. Every object's hash is compared.
 */
export async function measureFolder(
  lab: LineLab,
  plan: FolderPlan,
  progress: (text: string) => void,
): Promise<FolderRow[]> {
  const { distance, bytesPerSecond, queueBytes } = plan;
  const folder = path.join(lab.folder, 'small-files');
  const hashes = await writeFolder(folder, plan);
  const line = await lab.shape({ ...distance, bytesPerSecond, queueBytes });
  const here = [ourPull(plan.sessions), rcloneFolder(plan.sessions)].filter(
    ({ program }) => program === undefined || isOnPath(program),
  );
  const measured = here.map((contender) => ({
    contender,
    first: [] as FolderRun[],
    again: [] as FolderRun[],
  }));
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const [index, { contender, first, again }] of measured.entries()) {
      const job = { lab, line, folder, prefix: `folder-${index}-${round}` };
      first.push(await counted(contender, job));
      again.push(await counted(contender, job));
      await compare(lab, job.prefix, hashes, contender.name);
      const said = [first, again].map((runs) => `${runs.at(-1)?.seconds.toFixed(1)} s`).join(', again ');
      progress(`round ${round} of ${plan.rounds}, ${plan.files} files: ${contender.name} ${said}`);
    }
  }
  return measured.map(({ contender: { name, connections }, first, again }) => ({
    contender: name,
    connections,
    first: summed(first),
    again: summed(again),
  }));

  async function counted(
    contender: FolderContender,
    job: Parameters<FolderContender['run']>[0],
  ): Promise<FolderRun> {
    const before = await lab.logins();
    const seconds = await contender.run(job);
    return { seconds, logins: (await lab.logins()) - before };
  }
}

function summed(runs: readonly FolderRun[]): FolderRun {
  return {
    seconds: median(runs.map(({ seconds }) => seconds)),
    logins: Math.max(...runs.map(({ logins }) => logins)),
  };
}

async function writeFolder(folder: string, { files, fileBytes }: FolderPlan): Promise<Map<string, string>> {
  await mkdir(folder);
  const hashes = new Map<string, string>();
  for (let n = 0; n < files; n += 1) {
    const name = `export_20261125_${n}.csv`;
    const file = path.join(folder, name);
    await writeSampleFile(file, fileBytes);
    hashes.set(name, await hashFile(file));
  }
  return hashes;
}

/** @throws Error when an object is not there, or is not its file */
async function compare(
  lab: LineLab,
  prefix: string,
  hashes: ReadonlyMap<string, string>,
  contender: string,
): Promise<void> {
  for (const [name, sha256] of hashes) {
    const landed = await takeObject(lab.s3.tls.directory, lab.bucket, `${prefix}/${name}`);
    if (landed !== sha256) throw new Error(`${contender} gave other bytes than ${name} has`);
  }
}
