import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import {
  EMPTY_SNAPSHOT,
  type ListingSnapshot,
  packSnapshot,
  unpackSnapshot,
} from '../../folder/run/listing-snapshot.ts';

/** The snapshot in `file`; one of nothing where there is no such file. @throws InvalidTransferRequestError */
export async function readSnapshot(file: string): Promise<ListingSnapshot> {
  const packed = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return packed === undefined ? EMPTY_SNAPSHOT : unpackSnapshot(packed, file);
}

/** Replaces the snapshot as a whole: a run that is killed leaves the old one or the new one. */
export async function writeSnapshot(file: string, snapshot: ListingSnapshot): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, await packSnapshot(snapshot), { mode: 0o600 });
  await rename(temporary, file);
}
