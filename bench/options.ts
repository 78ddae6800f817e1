import { parseArgs } from 'node:util';
import { MIB } from '../transfer/text/units.ts';
import {
  type BenchPlan,
  type Distance,
  type DistancePlan,
  type FolderPlan,
  FULL_DISTANCE_PLAN,
  FULL_FOLDER_PLAN,
  FULL_PLAN,
  QUICK_DISTANCE_PLAN,
  QUICK_FOLDER_PLAN,
  QUICK_PLAN,
} from './plan.ts';

export interface BenchOptions {
  quick: boolean;
  /** Each is undefined when only others are measured. */
  plan?: BenchPlan;
  distancePlan?: DistancePlan;
  folderPlan?: FolderPlan;
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
      folder: { type: 'boolean', default: false },
      files: { type: 'string' },
      rounds: { type: 'string' },
      mib: { type: 'string' },
      distance: { type: 'string', multiple: true },
      only: { type: 'string', multiple: true },
      json: { type: 'string' },
    },
  });
  const { quick, line, relay, folder, rounds, mib, files, distance, only, json } = values;
  const isAll = !line && !relay && !folder;
  const sizeBytes = mib === undefined ? undefined : countOf('--mib', mib) * MIB;
  const distancePlan = {
    ...(quick ? QUICK_DISTANCE_PLAN : FULL_DISTANCE_PLAN),
    ...(distance !== undefined && { distances: distance.map(distanceOf) }),
    ...(rounds !== undefined && { rounds: countOf('--rounds', rounds) }),
    ...(only !== undefined && { only }),
    ...(sizeBytes !== undefined && { oneConnectionBytes: sizeBytes, manyConnectionsBytes: sizeBytes }),
  };
  const [folderDistance] = distancePlan.distances;
  const folderPlan = {
    ...(quick ? QUICK_FOLDER_PLAN : FULL_FOLDER_PLAN),
    ...(distance !== undefined && folderDistance !== undefined && { distance: folderDistance }),
    ...(rounds !== undefined && { rounds: countOf('--rounds', rounds) }),
    ...(files !== undefined && { files: countOf('--files', files) }),
  };
  return {
    quick,
    ...((isAll || relay) && { plan: quick ? QUICK_PLAN : FULL_PLAN }),
    ...((isAll || line) && { distancePlan }),
    ...((isAll || folder) && { folderPlan }),
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
