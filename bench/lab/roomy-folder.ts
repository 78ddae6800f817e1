import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { GIB } from '../../transfer/text/units.ts';

/** Linux's file system in memory: a disk that has to write back what others left would be measured with the rest. */
const MEMORY_FOLDER = '/dev/shm';
/** Source, target and the S3 server's copies of the largest sample, and room to spare. */
const NEEDED_BYTES = 6 * GIB;

/** Where files are fast: in memory where there is room, else in the system's folder for temporary files. */
export async function roomyFolder(): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(MEMORY_FOLDER);
    return bavail * bsize >= NEEDED_BYTES ? MEMORY_FOLDER : tmpdir();
  } catch {
    return tmpdir();
  }
}
