import { join } from 'node:path/posix';
import { MIB } from '../../transfer/text/units.ts';

/** A list of what a delivery consists of. */
export interface Manifest {
  /** Relative to the folder. */
  members: readonly { path: string; sizeBytes?: number }[];
}

/** Larger ones are not manifests: a million names of 60 bytes. */
export const MAX_MANIFEST_BYTES = 64 * MIB;

/** The file that should be a manifest is none; the message says where. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/**
 * Reads a manifest: one file a line, its name relative to the manifest's folder, and after a tab its size in bytes
 * where the partner gives it. Empty lines, and those that begin with `#`, are passed over.
 * @throws ManifestError
 */
export function parseManifest(text: string, folder: string): Manifest {
  const members = text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const [name = '', size, ...more] = line.split('\t');
    const where = `line ${index + 1}`;
    if (more.length > 0) throw new ManifestError(`${where} has more than a name and a size`);
    if (size !== undefined && !/^\d{1,15}$/.test(size)) {
      throw new ManifestError(`${where} has ${JSON.stringify(size)} for a size in bytes`);
    }
    const names = name.split('/');
    if (names.some((part) => part === '' || part === '.' || part === '..') || name.includes('\0')) {
      throw new ManifestError(
        `${where} names ${JSON.stringify(name)}, which leads out of its folder or nowhere`,
      );
    }
    return [{ path: join(folder, name), ...(size !== undefined && { sizeBytes: Number(size) }) }];
  });
  if (members.length === 0) throw new ManifestError('it names no file');
  return { members };
}

/** Members that are not there as the manifest has them, in its order. */
export function missingMembers(
  { members }: Manifest,
  sizeOf: (path: string) => number | undefined,
): string[] {
  return members
    .filter(({ path, sizeBytes }) => {
      const found = sizeOf(path);
      return found === undefined || (sizeBytes !== undefined && found !== sizeBytes);
    })
    .map(({ path }) => path);
}
