import path from 'node:path';
import { hashFile, writeSampleFile } from '../../local/sample-file.ts';

/** A file of random bytes on the server. */
export interface Sample {
  path: string;
  sizeBytes: number;
  /** Hexadecimal. */
  sha256: string;
}

export async function writeSample(folder: string, sizeBytes: number): Promise<Sample> {
  const file = path.join(folder, `sample-${sizeBytes}`);
  await writeSampleFile(file, sizeBytes);
  return { path: file, sizeBytes, sha256: await hashFile(file) };
}
