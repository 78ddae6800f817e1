import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { InvalidTransferRequestError } from '../../transfer/errors.ts';
import type { Observation } from '../ready/observation.ts';

/** What one run keeps of its listing for the next one: what "equal in two listings" and "gone" are judged by. */
export interface ListingSnapshot {
  /** Every folder was read to its end. */
  isComplete: boolean;
  observations: ReadonlyMap<string, Observation>;
}

const headSchema = z.object({ complete: z.boolean() });
const lineSchema = z.tuple([z.string(), z.number(), z.number(), z.number(), z.number(), z.number()]);

export const EMPTY_SNAPSHOT: ListingSnapshot = { isComplete: false, observations: new Map() };

/**
 * The snapshot that `packSnapshot` wrote.
 * @param name of where it is kept, for the message
 * @throws InvalidTransferRequestError when it is none
 */
export async function unpackSnapshot(packed: Uint8Array, name: string): Promise<ListingSnapshot> {
  try {
    const text = (await promisify(gunzip)(packed)).toString('utf8');
    const [head = '', ...lines] = text.split('\n').filter((line) => line !== '');
    const observations = new Map(
      lines.map((line): [string, Observation] => {
        const [path, sizeBytes, modifiedAtSeconds, sinceMs, firstSeenMs, changes] = lineSchema.parse(
          JSON.parse(line),
        );
        // When it was last seen matters to the run that saw it only.
        return [path, { sizeBytes, modifiedAtSeconds, sinceMs, lastSeenMs: sinceMs, firstSeenMs, changes }];
      }),
    );
    return { isComplete: headSchema.parse(JSON.parse(head)).complete, observations };
  } catch (cause) {
    throw new InvalidTransferRequestError('listing', name, 'it must be a listing that an earlier run wrote', {
      cause,
    });
  }
}

/** As gzipped JSON, one line a path. */
export function packSnapshot(snapshot: ListingSnapshot): Promise<Buffer> {
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
  return promisify(gzip)(`${[JSON.stringify({ complete: snapshot.isComplete }), ...lines].join('\n')}\n`);
}
