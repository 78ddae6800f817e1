import type { SeededRandom } from './seeded-random.ts';
import type { StagedFault } from './staged-faults.ts';

/** What is known of a transfer when its faults are drawn. */
export interface TransferDraft {
  sizeBytes: number;
  chunkCount: number;
  maxConcurrency: number;
}

/** Draws the details of one kind of fault. */
export type FaultMaker = (random: SeededRandom, draft: TransferDraft) => StagedFault;

/** `2 resets`, `1 reset` */
export const times = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** A byte of the file; 0 for an empty one. */
export const somewhere = (random: SeededRandom, { sizeBytes }: TransferDraft): number =>
  random.integer(0, Math.max(0, sizeBytes - 1));
