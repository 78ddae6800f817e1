import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import type { Observation } from '../../folder/ready/observation.ts';
import { InvalidTransferRequestError } from '../../transfer/errors.ts';

/** What one run keeps of its listing for the next one: what "equal in two listings" and "gone" are judged by. */
export interface ListingSnapshot {
  /** Every folder was read to its end. */
  isComplete: boolean;
  observations: ReadonlyMap<string, Observation>;
}

const headSchema = z.object({ complete: z.boolean() });
const lineSchema = z.tuple([z.string(), z.number(), z.number(), z.number(), z.number(), z.number()]);

const NOTHING: ListingSnapshot = { isComplete: false, observations: new Map() };

/** The snapshot in `file`; one of nothing where there is no such file. @throws InvalidTransferRequestError */
export async function readSnapshot(file: string): Promise<ListingSnapshot> {
  const packed = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (packed === undefined) return NOTHING;
  try {
    const text = (await promisify(gunzip)(packed)).toString('utf8');
    const [head = '', ...lines] = text.split('\n').filter((line) => line !== '');
    const observations = new Map(
      lines.map((line): [string, Observation] => {
        const [path, sizeBytes, modifiedAtSeconds, sinceMs, firstSeenMs, changes] = lineSchema.parse(
          JSON.parse(line),
        );
        return [path, { sizeBytes, modifiedAtSeconds, sinceMs, firstSeenMs, changes }];
      }),
    );
    return { isComplete: headSchema.parse(JSON.parse(head)).complete, observations };
  } catch (cause) {
    throw new InvalidTransferRequestError('ledger', file, 'it must be a listing that a pull has written', {
      cause,
    });
  }
}

/** Replaces the snapshot as a whole: a run that is killed leaves the old one or the new one. */
export async function writeSnapshot(file: string, snapshot: ListingSnapshot): Promise<void> {
  const lines = [...snapshot.observations].map(([path, seen]) =>
    JSON.stringify([
      path,
      seen.sizeBytes,
      seen.modifiedAtSeconds,
      seen.sinceMs,
      seen.firstSeenMs,
      seen.changes,
    ]),
  );
  const text = `${[JSON.stringify({ complete: snapshot.isComplete }), ...lines].join('\n')}\n`;
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, await promisify(gzip)(text), { mode: 0o600 });
  await rename(temporary, file);
}
