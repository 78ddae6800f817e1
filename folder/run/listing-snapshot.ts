import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
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

/** Paths that are packed at a time: neither all lines are in memory, nor is every line a write of its own. */
const LINES_AT_A_TIME = 1000;

/**
 * The snapshot that `packSnapshot` wrote.
 * @param name of where it is kept, for the message
 * @throws InvalidTransferRequestError when it is none
 */
export async function unpackSnapshot(packed: Uint8Array, name: string): Promise<ListingSnapshot> {
  try {
    let isComplete: boolean | undefined;
    const observations = new Map<string, Observation>();
    await forEachLine(packed, (line) => {
      if (isComplete === undefined) {
        isComplete = headSchema.parse(JSON.parse(line)).complete;
        return;
      }
      const [path, sizeBytes, modifiedAtSeconds, sinceMs, firstSeenMs, changes] = lineSchema.parse(
        JSON.parse(line),
      );
      // When it was last seen matters to the run that saw it only.
      const seen = { sizeBytes, modifiedAtSeconds, sinceMs, lastSeenMs: sinceMs, firstSeenMs, changes };
      observations.set(path, seen);
    });
    if (isComplete === undefined) throw new Error('it is empty');
    return { isComplete, observations };
  } catch (cause) {
    throw new InvalidTransferRequestError('listing', name, 'it must be a listing that an earlier run wrote', {
      cause,
    });
  }
}

/** By hand: for `readline`, a name with U+2028 would be two lines. */
async function forEachLine(packed: Uint8Array, take: (line: string) => void): Promise<void> {
  await pipeline(Readable.from([packed]), createGunzip(), async (unpacked) => {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const bytes of unpacked as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') take(line);
    }
    if (rest !== '') take(rest);
  });
}

/** As gzipped JSON, one line a path. */
export async function packSnapshot(snapshot: ListingSnapshot): Promise<Buffer> {
  return pipeline(Readable.from(toLines(snapshot)), createGzip(), buffer);
}

function* toLines({ isComplete, observations }: ListingSnapshot): Generator<string> {
  let lines = [JSON.stringify({ complete: isComplete })];
  for (const [path, seen] of observations) {
    const { sizeBytes, modifiedAtSeconds, sinceMs, firstSeenMs, changes } = seen;
    lines.push(JSON.stringify([path, sizeBytes, modifiedAtSeconds, sinceMs, firstSeenMs, changes]));
    if (lines.length < LINES_AT_A_TIME) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}
