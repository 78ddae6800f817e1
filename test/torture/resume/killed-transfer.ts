import type { S3Operation } from '../../support/s3/s3-fault-front.ts';
import { SeededRandom } from '../seeded-random.ts';

export const CHUNK_BYTES = 5 * 1024 ** 2;
const MAX_CHUNKS = 10;
const MAX_WIDTH = 4;
const MAX_KILLS = 3;
const STEPS: readonly S3Operation[] = [
  'CreateMultipartUpload',
  'ListParts',
  'UploadPart',
  'CompleteMultipartUpload',
];

/** When a process is killed (SIGKILL). */
export type Kill =
  /** When the server has sent so large a share of the file to this process. */
  | { at: 'read'; share: number }
  /** When S3 gets the n-th request of an operation from this process; S3 answers it all the same. */
  | { at: 'S3'; operation: S3Operation; number: number };

/** One file, moved by processes that are killed, each resumed by the next, and by a last one that is not. */
export interface KilledTransfer {
  seed: string;
  sizeBytes: number;
  /** Workers of each process. */
  width: number;
  kills: readonly Kill[];
  content(): Iterable<Buffer>;
}

export function drawKilledTransfer(seed: string): KilledTransfer {
  const random = new SeededRandom(`resume ${seed}`);
  const chunks = random.integer(1, MAX_CHUNKS);
  const sizeBytes = chunks * CHUNK_BYTES - (random.chance(0.5) ? 0 : random.integer(1, CHUNK_BYTES - 1));
  const kills = Array.from({ length: random.integer(1, MAX_KILLS) }, (): Kill => {
    if (random.chance(0.6)) return { at: 'read', share: random.fraction() };
    const operation = random.pick(STEPS);
    return { at: 'S3', operation, number: operation === 'UploadPart' ? random.integer(1, chunks) : 1 };
  });
  return {
    seed,
    sizeBytes,
    width: random.integer(1, MAX_WIDTH),
    kills,
    content: () => random.bytes(sizeBytes),
  };
}

export function describeKilledTransfer({ kills, sizeBytes, width }: KilledTransfer): string {
  const told = kills.map((kill) =>
    kill.at === 'read'
      ? `${Math.round(100 * kill.share)} % read`
      : `${kill.operation}${kill.operation === 'UploadPart' ? ` ${kill.number}` : ''}`,
  );
  return `${sizeBytes} bytes, ${width} at a time, killed at ${told.join(', then at ')}`;
}
