import type { FileIdentity } from '../ledger/entry.ts';

/** Every entry of a listing gets exactly one of these. */
const OUTCOMES = [
  'copy',
  'landed',
  'not-ready',
  'excluded',
  'ignored-temporary',
  'link',
  'not-a-file',
  'bad-name',
  'no-attributes',
  'key-collision',
  'held',
  'owned-by-other',
  'failed-too-often',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Decision {
  path: string;
  outcome: Outcome;
  /** Distinguishes the cases of one outcome; absent where there is only one. */
  reason?: string;
  sizeBytes?: number;
  modifiedAtSeconds?: number;
  /** Of a `copy`. */
  copy?: PlannedCopy;
  /** Of `not-ready`: waiting for longer than the folder's `giveUpAfterHours`. */
  overdue?: boolean;
  /** Of `not-ready`: from when by our clock one more equal listing would make it ready. */
  readyAtMs?: number;
}

/** One file to be copied, with what its claim and its commit need. */
export interface PlannedCopy extends FileIdentity {
  path: string;
  key: string;
  groups: readonly string[];
  /** What released it. */
  trigger?: FileIdentity & { path: string };
}

export function countOutcomes(decisions: readonly Decision[]): Record<Outcome, number> {
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  for (const { outcome } of decisions) counts[outcome] += 1;
  return counts;
}
