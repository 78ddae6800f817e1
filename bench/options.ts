import { parseArgs } from 'node:util';
import { MIB } from '../transfer/text/units.ts';
import {
  type BenchPlan,
  type Distance,
  type DistancePlan,
  FULL_DISTANCE_PLAN,
  FULL_PLAN,
  QUICK_DISTANCE_PLAN,
  QUICK_PLAN,
} from './plan.ts';

export interface BenchOptions {
  quick: boolean;
  /** Undefined when only distances are measured. */
  plan?: BenchPlan;
  distancePlan?: DistancePlan;
  jsonFile?: string;
}

/**
 * The command line of the benchmark.
 * @throws TypeError of an unknown option; RangeError of a value that is not a count
 */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      line: { type: 'boolean', default: false },
      relay: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      mib: { type: 'string' },
      distance: { type: 'string', multiple: true },
      json: { type: 'string' },
    },
  });
  const { quick, line, relay, rounds, mib, distance, json } = values;
  const sizeBytes = mib === undefined ? undefined : countOf('--mib', mib) * MIB;
  const distancePlan = {
    ...(quick ? QUICK_DISTANCE_PLAN : FULL_DISTANCE_PLAN),
    ...(distance !== undefined && { distances: distance.map(distanceOf) }),
    ...(rounds !== undefined && { rounds: countOf('--rounds', rounds) }),
    ...(sizeBytes !== undefined && { oneConnectionBytes: sizeBytes, manyConnectionsBytes: sizeBytes }),
  };
  return {
    quick,
    ...((relay || !line) && { plan: quick ? QUICK_PLAN : FULL_PLAN }),
    ...((line || !relay) && { distancePlan }),
    ...(json !== undefined && { jsonFile: json }),
  };
}

/** `50` is a round trip in milliseconds, `50,100` one on a line that loses 100 packets of a million. */
function distanceOf(text: string): Distance {
  const [roundTripMs, lossPpm = 0, ...rest] = text
    .split(',')
    .map((number) => (number === '' ? Number.NaN : Number(number)));
  if (!Number.isInteger(roundTripMs) || !Number.isInteger(lossPpm) || rest.length > 0)
    throw new RangeError(
      `--distance ${text} must be milliseconds, or milliseconds,packets lost of a million`,
    );
  return { roundTripMs: Number(roundTripMs), lossPpm };
}

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`${option} ${text} must be a whole number from 1`);
  return count;
}
