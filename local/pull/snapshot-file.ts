import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  EMPTY_SNAPSHOT,
  type ListingSnapshot,
  packSnapshot,
  unpackSnapshot,
} from '../../folder/run/listing-snapshot.ts';

/** What a run that was killed has left is older than this; one that writes needs seconds. */
const LEFT_BEHIND_MS = 3_600_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The snapshot in `file`; one of nothing where there is no such file. @throws InvalidTransferRequestError */
export async function readSnapshot(file: string): Promise<ListingSnapshot> {
  const packed = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return packed === undefined ? EMPTY_SNAPSHOT : unpackSnapshot(packed, file);
}

/**
 * Replaces the snapshot as a whole: a run that is killed leaves the old one or the new one, and beside it a part of a
 * third, which a later run removes.
 */
export async function writeSnapshot(file: string, snapshot: ListingSnapshot): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  try {
    await writeFile(temporary, await packSnapshot(snapshot), { mode: 0o600 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  // The snapshot is kept; what cannot be removed now may be the next time.
  await removeLeftBehind(file).catch(() => {});
}

async function removeLeftBehind(file: string): Promise<void> {
  const folder = path.dirname(file);
  const start = `${path.basename(file)}.`;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(start) || !UUID.test(name.slice(start.length))) continue;
    const left = path.join(folder, name);
    const found = await stat(left).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > LEFT_BEHIND_MS) await rm(left, { force: true });
  }
}
