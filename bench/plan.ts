import { KIB, MIB } from '../transfer/text/units.ts';

/** What a run measures. All sizes in bytes. */
export interface BenchPlan {
  /** Of the relaying lines. */
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
  wholeFile: { roundTripMs: number; bytes: number; sessionCounts: readonly number[] };
  importRounds: number;
}

/** One packet-level line. */
export interface Distance {
  roundTripMs: number;
  /** Packets of a million. */
  lossPpm: number;
}

/** What is measured over packet-level lines. */
export interface DistancePlan {
  distances: readonly Distance[];
  rounds: number;
  /** Parts of the names of the contenders to measure, beside raw TCP, which all are compared with; all without it. */
  only?: readonly string[];
  /** What contenders with one connection transfer. */
  oneConnectionBytes: number;
  /** What those with several connections transfer. */
  manyConnectionsBytes: number;
  /** Of every line, as are the bytes that wait at its narrowest place. */
  bytesPerSecond: number;
  queueBytes: number;
}

/** One folder of small files over a packet-level line. */
export interface FolderPlan {
  distance: Distance;
  files: number;
  fileBytes: number;
  /** Connections at a time. */
  sessions: number;
  rounds: number;
  bytesPerSecond: number;
  queueBytes: number;
}

/** Under 10 minutes. */
export const FULL_PLAN: BenchPlan = {
  roundTripsMs: [0, 20, 50, 100],
  rounds: 3,
  largeBytes: 256 * MIB,
  smallBytes: 4 * MIB,
  probeBytes: 1_024 * MIB,
  memory: { roundTripMs: 20, chunkBytes: [64 * MIB, 1_024 * MIB] },
  wholeFile: { roundTripMs: 20, bytes: 1_024 * MIB, sessionCounts: [1, 4, 8, 16] },
  importRounds: 5,
};

/** About what a Lambda's network carries, with a queue of a round trip of 100 ms. */
const LAMBDA_LINE = { bytesPerSecond: 75 * MIB, queueBytes: 8 * MIB };

/** More than an hour: peers that are slow over a distance take the same gibibyte as all others. */
export const FULL_DISTANCE_PLAN: DistancePlan = {
  ...LAMBDA_LINE,
  distances: [
    { roundTripMs: 20, lossPpm: 0 },
    { roundTripMs: 50, lossPpm: 0 },
    { roundTripMs: 50, lossPpm: 100 },
    { roundTripMs: 100, lossPpm: 0 },
    { roundTripMs: 200, lossPpm: 0 },
  ],
  rounds: 3,
  oneConnectionBytes: 1_024 * MIB,
  manyConnectionsBytes: 500 * MIB,
};

export const FULL_FOLDER_PLAN: FolderPlan = {
  ...LAMBDA_LINE,
  distance: { roundTripMs: 50, lossPpm: 0 },
  files: 10_000,
  fileBytes: 10 * KIB,
  sessions: 8,
  rounds: 3,
};

/** Under 1 minute: shows that everything works, and nothing about speed. */
export const QUICK_PLAN: BenchPlan = {
  roundTripsMs: [0, 20],
  rounds: 1,
  largeBytes: 16 * MIB,
  smallBytes: MIB,
  probeBytes: 64 * MIB,
  memory: { roundTripMs: 20, chunkBytes: [8 * MIB, 32 * MIB] },
  wholeFile: { roundTripMs: 20, bytes: 32 * MIB, sessionCounts: [1, 4] },
  importRounds: 1,
};

/** Under 1 minute. */
export const QUICK_DISTANCE_PLAN: DistancePlan = {
  ...LAMBDA_LINE,
  distances: [{ roundTripMs: 20, lossPpm: 100 }],
  rounds: 1,
  oneConnectionBytes: 16 * MIB,
  manyConnectionsBytes: 16 * MIB,
};

/** Under 1 minute. */
export const QUICK_FOLDER_PLAN: FolderPlan = {
  ...FULL_FOLDER_PLAN,
  distance: { roundTripMs: 20, lossPpm: 0 },
  files: 200,
  rounds: 1,
};
