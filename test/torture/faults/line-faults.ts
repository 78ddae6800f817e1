import type { ConnectionFault } from '../../support/network/tcp-proxy.ts';
import { type FaultMaker, times } from '../draft.ts';

/** About what the server sends until a file is open: within it a fault hits the handshake or the login. */
const HANDSHAKE_BYTES = 3_000;
const MAX_ROUND_TRIP_MS = 20;
const KIB = 1024;

const distance: FaultMaker = (random) => {
  const roundTripMs = random.integer(1, MAX_ROUND_TRIP_MS);
  return {
    description: `a round trip of ${roundTripMs} ms`,
    mayEndWith: [],
    arm(stage) {
      stage.lineDelayMs = roundTripMs / 2;
    },
  };
};

const brokenConnections: FaultMaker = (random, { sizeBytes, maxConcurrency }) => {
  const faults = Array.from({ length: random.integer(1, 3) }, (): [number, ConnectionFault] => [
    random.integer(1, maxConcurrency + 3),
    {
      how: random.pick(['close', 'reset', 'stall']),
      afterBytes: random.integer(1, random.chance(0.4) ? HANDSHAKE_BYTES : HANDSHAKE_BYTES + sizeBytes),
    },
  ]);
  const told = faults.map(
    ([connection, { how, afterBytes }]) => `${how} of ${connection} after ${afterBytes}`,
  );
  return {
    description: `${times(faults.length, 'broken connection')} (${told.join(', ')})`,
    mayEndWith: [],
    arm({ line }) {
      for (const [connectionNumber, fault] of faults) line.set(connectionNumber, fault);
    },
  };
};

const deadAddress: FaultMaker = (random) => {
  const end = random.pick(['refused', 'silent'] as const);
  return {
    description: `a ${end} address before the right one`,
    mayEndWith: [],
    arm(stage) {
      stage.deadAddress = end;
    },
  };
};

/** What the line to any server does that a transfer survives. */
export const LINE_FAULTS: readonly FaultMaker[] = [distance, brokenConnections, deadAddress];

/** A line so slow that one answer takes longer than the idle time of these runs. */
export const slowLine =
  (kibPerSecond: number): FaultMaker =>
  () => ({
    description: `a line of ${kibPerSecond} KiB/s`,
    mayEndWith: [],
    arm(stage) {
      stage.lineBytesPerSecond = kibPerSecond * KIB;
    },
  });
