const MIB = 1024 ** 2;

/** What a run measures. All sizes in bytes. */
export interface BenchPlan {
  roundTripsMs: readonly number[];
  /** Every contender runs this often; the table shows medians. */
  rounds: number;
  /** What most contenders transfer. */
  largeBytes: number;
  /** What those transfer that have one request in flight, wherever there is a round trip. */
  smallBytes: number;
  /** For the ceiling of a line. */
  probeBytes: number;
  memory: { roundTripMs: number; chunkBytes: readonly number[] };
  wholeFile: { roundTripMs: number; bytes: number; widths: readonly number[] };
  importRounds: number;
}

/** Under 10 minutes. */
export const FULL_PLAN: BenchPlan = {
  roundTripsMs: [0, 20, 50, 100],
  rounds: 3,
  largeBytes: 256 * MIB,
  smallBytes: 4 * MIB,
  probeBytes: 1_024 * MIB,
  memory: { roundTripMs: 20, chunkBytes: [64 * MIB, 1_024 * MIB] },
  wholeFile: { roundTripMs: 20, bytes: 1_024 * MIB, widths: [1, 4, 8, 16] },
  importRounds: 5,
};

/** Under 1 minute: shows that everything works, and nothing about speed. */
export const QUICK_PLAN: BenchPlan = {
  roundTripsMs: [0, 20],
  rounds: 1,
  largeBytes: 16 * MIB,
  smallBytes: MIB,
  probeBytes: 64 * MIB,
  memory: { roundTripMs: 20, chunkBytes: [8 * MIB, 32 * MIB] },
  wholeFile: { roundTripMs: 20, bytes: 32 * MIB, widths: [1, 4] },
  importRounds: 1,
};
